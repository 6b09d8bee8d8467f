package dev.spanstream.ktor

import io.ktor.client.engine.apache5.Apache5
import io.ktor.client.engine.config

/**
 * This engine notices a body that breaks off when its socket has been silent for a while, ten seconds by
 * default, and has no WebSockets.
 */
class Apache5ClientTracingTest : ClientTracingContract(Apache5.config { socketTimeout = 1_000 }, webSockets = false)

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.jetty.jakarta.Jetty

// With more of them, which all call the same server, Jetty has no thread left for what they wait for.
class JettyThreadsTest : StringSpec({ include(sharedThreads(SocketServer(Jetty), callers = 100)) })

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.jetty.jakarta.Jetty

class JettyThreadsTest : StringSpec({ include(sharedThreads(SocketServer(Jetty))) })

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec

class TomcatThreadsTest : StringSpec({ include(sharedThreads(SocketServer(Tomcat))) })

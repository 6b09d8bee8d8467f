package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.cio.CIO

class CioThreadsTest : StringSpec({ include(sharedThreads(SocketServer(CIO))) })

package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.netty.Netty

class LiveSessionsTest : StringSpec({ include(liveSessions(SocketServer(Netty))) })

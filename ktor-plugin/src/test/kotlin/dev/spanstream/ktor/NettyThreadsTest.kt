package dev.spanstream.ktor

import io.kotest.core.spec.style.StringSpec
import io.ktor.server.netty.Netty

class NettyThreadsTest : StringSpec({ include(sharedThreads(SocketServer(Netty))) })

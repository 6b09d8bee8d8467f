package dev.spanstream.ktor

import io.ktor.server.netty.Netty

class NettyServerTracingTest : ServerTracingContract(SocketServer(Netty)) {
    init {
        include(handlerScopes(SocketServer(Netty)))
    }
}

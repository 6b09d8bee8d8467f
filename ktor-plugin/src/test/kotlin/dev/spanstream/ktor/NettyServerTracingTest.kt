package dev.spanstream.ktor

import io.ktor.server.netty.Netty

/** Ktor lets a handler wait for ever whose client had gone before it answered, unless it is told to cancel the call. */
class NettyServerTracingTest :
    ServerTracingContract(SocketServer(Netty) { maxHeaderSize = LONGEST_HEADERS }, lateWritesFail = false) {
    init {
        include(handlerScopes(SocketServer(Netty)))
    }
}

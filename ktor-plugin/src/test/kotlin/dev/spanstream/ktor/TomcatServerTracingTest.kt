package dev.spanstream.ktor

/** Ktor's servlet lets the client wait for ever when the handler of a WebSocket fails. */
class TomcatServerTracingTest : ServerTracingContract(SocketServer(Tomcat), failuresClose = false) {
    init {
        include(handshakes(SocketServer(Tomcat)))
    }
}

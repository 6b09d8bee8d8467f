package dev.spanstream.ktor

import io.ktor.server.jetty.jakarta.Jetty

class JettyServerTracingTest : ServerTracingContract(SocketServer(Jetty)) {
    init {
        include(handlerScopes(SocketServer(Jetty)))
        include(handshakes(SocketServer(Jetty)))
    }
}

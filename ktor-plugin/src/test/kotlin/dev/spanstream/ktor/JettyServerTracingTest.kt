package dev.spanstream.ktor

import io.ktor.server.jetty.jakarta.Jetty
import org.eclipse.jetty.server.HttpConfiguration
import org.eclipse.jetty.server.Server
import org.eclipse.jetty.util.component.LifeCycle

class JettyServerTracingTest : ServerTracingContract(
    SocketServer(Jetty) {
        configureServer = Server::takeLongHeaders
    },
) {
    init {
        include(handlerScopes(SocketServer(Jetty)))
        include(handshakes(SocketServer(Jetty)))
    }
}

/** Ktor makes the connectors after it has let the server be configured. */
private fun Server.takeLongHeaders() {
    addEventListener(
        object : LifeCycle.Listener {
            override fun lifeCycleStarting(event: LifeCycle) {
                connectors
                    .flatMap { it.connectionFactories }
                    .filterIsInstance<HttpConfiguration.ConnectionFactory>()
                    .forEach { it.httpConfiguration.requestHeaderSize = LONGEST_HEADERS }
            }
        },
    )
}

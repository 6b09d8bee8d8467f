package dev.spanstream.ktor

import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.CIOEngineConfig
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.defaultRequest
import io.ktor.server.application.Application
import io.ktor.server.config.MapApplicationConfig
import io.ktor.server.engine.ApplicationEngine
import io.ktor.server.engine.ApplicationEngineFactory
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.testing.runTestApplication

/** A server engine under test: runs an application while a client talks to it. */
interface TestServer {
    suspend fun serve(application: Application.() -> Unit, talk: suspend (HttpClient) -> Unit)
}

/** Ktor's own test host: no socket, and no event loop. */
object TestHost : TestServer {
    override suspend fun serve(application: Application.() -> Unit, talk: suspend (HttpClient) -> Unit) =
        runTestApplication {
            environment { config = MapApplicationConfig("ktor.test.throwOnException" to "false") }
            application(application)
            talk(createClient { followRedirects = false })
        }
}

/** Any engine, over a real socket. */
class SocketServer<C : ApplicationEngine.Configuration>(
    private val factory: ApplicationEngineFactory<*, C>,
    private val configure: C.() -> Unit = {},
) : TestServer {
    override suspend fun serve(application: Application.() -> Unit, talk: suspend (HttpClient) -> Unit) =
        serveAt(application) { port ->
            HttpClient(CIO) {
                engine { manyConnections() }
                defaultRequest { url("http://127.0.0.1:$port") }
            }.use { talk(it) }
        }

    suspend fun serveAt(application: Application.() -> Unit, talk: suspend (port: Int) -> Unit) {
        val server = embeddedServer(factory, configure = { listenAnywhere() }, module = { application() })
        server.start(wait = false)
        try {
            val connector = server.engine.resolvedConnectors().first()
            talk(connector.port)
        } finally {
            server.stop(gracePeriodMillis = 0, timeoutMillis = 2_000)
        }
    }

    private fun C.listenAnywhere() {
        connector {
            host = "127.0.0.1"
            port = 0
        }
        configure()
    }
}

/** As many requests at a time as a test wants; the default is a hundred. */
internal fun CIOEngineConfig.manyConnections() {
    maxConnectionsCount = MANY
    requestTimeout = PATIENCE
    endpoint.maxConnectionsPerRoute = MANY
}

private const val MANY = 4_000
private const val PATIENCE = 60_000L

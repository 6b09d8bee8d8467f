package shop

import dev.spanstream.Traces
import dev.spanstream.consumers.Receiver
import dev.spanstream.coroutines.initTracing
import dev.spanstream.coroutines.withSpan
import dev.spanstream.ktor.ClientTracing
import dev.spanstream.ktor.ServerTracing
import dev.spanstream.ktor.urlTemplate
import io.ktor.client.HttpClient
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking
import java.time.Duration
import io.ktor.client.engine.cio.CIO as ClientEngine
import io.ktor.server.cio.CIO as ServerEngine

/** Calls a service of its own over a socket, both sides traced. */
fun main() {
    Receiver.start().use { receiver ->
        initTracing {
            dsn = receiver.dsn()
            tracesSampleRate = 1.0
            shutdownTimeout = Duration.ofSeconds(30)
        }
        val server =
            embeddedServer(ServerEngine, port = 0, host = "127.0.0.1") {
                install(ServerTracing)
                routing { get("/orders/{id}") { call.respondText("order ${call.parameters["id"]}") } }
            }
        server.start(wait = false)
        val client = HttpClient(ClientEngine) { install(ClientTracing) }
        runBlocking {
            val port =
                server.engine
                    .resolvedConnectors()
                    .single()
                    .port
            withSpan("show order") {
                val answer = client.get("http://127.0.0.1:$port/orders/17") { urlTemplate = "/orders/{id}" }
                check(answer.bodyAsText() == "order 17")
            }
        }
        client.close()
        server.stop()
        Traces.close()
        receiver.expect("show order", "GET /orders/{id}", "GET /orders/{id}")
    }
}

package dev.spanstream.samples.snippets

// region program
import dev.spanstream.coroutines.initTracing
import dev.spanstream.ktor.ClientTracing
import dev.spanstream.ktor.ServerTracing
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing

fun main() {
    // Sends to what SENTRY_DSN says.
    initTracing { tracesSampleRate = 1.0 }
    val client = HttpClient(Java) { install(ClientTracing) }
    embeddedServer(Netty, port = 8080) { shop(client, "http://localhost:8080/prices") }.start(wait = true)
}

fun Application.shop(client: HttpClient, prices: String) {
    install(ServerTracing)
    routing {
        get("/orders/{article}") {
            val price = client.get("$prices/${call.parameters["article"]}").bodyAsText()
            call.respondText("to pay: $price")
        }
        get("/prices/{article}") { call.respondText("12") }
    }
}
// endregion

package dev.spanstream.samples.snippets.migration

import dev.spanstream.ktor.ClientTracing
import dev.spanstream.ktor.ServerTracing
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.server.application.Application
import io.ktor.server.application.install

// region server
fun Application.traced() {
    install(ServerTracing)
}
// endregion

// region client
val client = HttpClient(Java) { install(ClientTracing) }
// endregion

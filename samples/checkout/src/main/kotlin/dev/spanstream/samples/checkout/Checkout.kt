package dev.spanstream.samples.checkout

import dev.spanstream.ktor.ClientTracing
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import kotlinx.coroutines.runBlocking

/** Both services on free ports of the loopback interface, and the client between them. */
internal class Checkout : AutoCloseable {
    private val client = HttpClient(Java) { install(ClientTracing) }
    private val stock = embeddedServer(Netty, port = 0, host = HOST) { stock() }.start()
    private val stockUrl = stock.url()
    private val storefront =
        embeddedServer(Netty, port = 0, host = HOST) { storefront(client) { stockUrl } }.start()

    /** Where customers send their orders. */
    val storefrontUrl: String = storefront.url()

    override fun close() {
        storefront.stop(GRACE_MILLIS, TIMEOUT_MILLIS)
        stock.stop(GRACE_MILLIS, TIMEOUT_MILLIS)
        client.close()
    }

    private fun EmbeddedServer<*, *>.url(): String =
        runBlocking { "http://$HOST:${engine.resolvedConnectors().first().port}" }

    private companion object {
        const val HOST = "127.0.0.1"
        const val GRACE_MILLIS = 100L
        const val TIMEOUT_MILLIS = 2_000L
    }
}

package dev.spanstream.benchmarks.ktor

import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking

/** A service on Netty that does nothing but answer, so that what is in front of its handler shows. */
public class TracedServer(plugin: Plugin) : AutoCloseable {
    private lateinit var installed: AutoCloseable
    private val server =
        embeddedServer(Netty, port = 0, host = "127.0.0.1") {
            installed = plugin.install(this)
            routing { get("/orders/{id}") { call.respondText("order") } }
        }.start()

    public val port: Int = runBlocking {
        server.engine
            .resolvedConnectors()
            .single()
            .port
    }

    override fun close() {
        server.stop(0, 0)
        installed.close()
    }
}

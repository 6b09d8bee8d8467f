package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.ktor.http.Headers
import io.ktor.http.content.OutgoingContent
import io.ktor.http.headersOf
import io.ktor.server.application.install
import io.ktor.server.response.respond
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.net.Socket
import kotlin.coroutines.CoroutineContext

/** Connections of other protocols than that of WebSockets, which takes its trace from the call. */
fun upgrades(server: SocketServer<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        "What a connection did in the contexts that the engine gave it was in another trace than its request" {
            server.serveAt({
                install(ServerTracing) { this.tracer = tracer }
                routing { get("/") { call.respond(Working(tracer)) } }
            }) { port ->
                withContext(Dispatchers.IO) {
                    Socket("127.0.0.1", port).use { socket ->
                        socket.getOutputStream().write(REQUEST)
                        val spans = sink.take(3)
                        val request = spans.single { it.isServiceSpan }
                        val within = spans - request
                        within.map { it.name }.shouldContainExactlyInAnyOrder("engine", "user")
                        within.forEach { it.parentSpanId shouldBe request.spanId }
                    }
                }
            }
        }
    }

private class Working(private val tracer: Tracer) : OutgoingContent.ProtocolUpgrade() {
    override val headers: Headers = headersOf("Connection" to listOf("Upgrade"), "Upgrade" to listOf("work"))

    override suspend fun upgrade(
        input: ByteReadChannel,
        output: ByteWriteChannel,
        engineContext: CoroutineContext,
        userContext: CoroutineContext,
    ): Job =
        CoroutineScope(engineContext).launch {
            tracer.withSpan("engine") { }
            CoroutineScope(userContext).launch { tracer.withSpan("user") { } }.join()
        }
}

private val REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: work\r\n\r\n".toByteArray()

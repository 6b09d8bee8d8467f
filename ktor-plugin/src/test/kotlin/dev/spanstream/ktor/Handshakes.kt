package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.install
import io.ktor.server.response.ApplicationSendPipeline
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.net.Socket

/**
 * Requests that are to become a connection, which never begins.
 *
 * @param noticesInTime whether the engine does not begin a connection whose client has gone
 * @param hasNoticed waits until it knows that, where it need not be so when the client has gone
 */
fun handshakes(server: SocketServer<*>, noticesInTime: Boolean = true, hasNoticed: suspend () -> Unit = {}) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun handshake(configure: Application.() -> Unit, talk: suspend (Socket) -> Unit) =
            server.serveAt({
                install(ServerTracing) { this.tracer = tracer }
                install(WebSockets)
                configure()
                routing { webSocket("/room") { for (frame in incoming) Unit } }
            }) { port ->
                withContext(Dispatchers.IO) {
                    Socket("127.0.0.1", port).use { socket ->
                        socket.getOutputStream().write(HANDSHAKE)
                        talk(socket)
                    }
                }
            }

        "A client that left before its handshake was answered was an error, or was never done" {
            val asked = CompletableDeferred<Unit>()
            val gone = CompletableDeferred<Unit>()
            val answered = CompletableDeferred<Unit>()
            handshake({
                outside {
                    try {
                        proceed()
                    } finally {
                        answered.complete(Unit)
                    }
                }
                intercept(ApplicationCallPipeline.Plugins) {
                    asked.complete(Unit)
                    gone.await()
                }
            }) { socket ->
                asked.await()
                socket.setSoLinger(true, 0)
                socket.close()
                hasNoticed()
                gone.complete(Unit)
                answered.await()
            }
            tracer.stats().open() shouldBe 0
            sink.take().run {
                status shouldBe SpanStatus.OK
                get("error.type").shouldBeNull()
                get("http.request.cancelled") shouldBe if (noticesInTime) true else null
            }
        }

        "A connection that was announced, but never began, was still open when the application had stopped" {
            handshake({
                sendPipeline.intercept(ApplicationSendPipeline.After) {
                    if (subject is OutgoingContent.ProtocolUpgrade) {
                        context.response.status(HttpStatusCode.SwitchingProtocols)
                        finish()
                    }
                }
            }) { it.readStatus() }
            tracer.stats().open() shouldBe 0
            sink.take().run {
                status shouldBe SpanStatus.OK
                get("http.request.cancelled") shouldBe true
            }
        }
    }

private val HANDSHAKE =
    listOf(
        "GET /room HTTP/1.1",
        "Host: a",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "\r\n",
    ).joinToString("\r\n").toByteArray()

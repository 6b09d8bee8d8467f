package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.samples.inbox.ReceivedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.plugins.sse.sse
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.sse
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.first
import java.time.Duration
import io.ktor.client.plugins.sse.SSE as ClientSSE
import io.ktor.client.plugins.websocket.WebSockets as ClientWebSockets

/** What a real receiver is sent of a session while the session goes on. Nobody flushes: the pipeline has a timer. */
fun liveSessions(server: TestServer) =
    stringSpec {
        /** Runs a session in which the server makes one span; [talk] is to call its argument when that span is done. */
        suspend fun session(path: String, talk: suspend HttpClient.(received: suspend () -> Unit) -> Unit) {
            Inbox.start().use { inbox ->
                val tracer = Tracer.create {
                    it.dsn = inbox.dsn
                    it.tracesSampleRate = 1.0
                    it.flushInterval = Duration.ofMillis(50)
                }
                val received = CompletableDeferred<ReceivedSpan>()
                server.serve({ rooms(tracer, received) }) { client ->
                    client
                        .config {
                            install(ClientWebSockets)
                            install(ClientSSE)
                        }.use {
                            it.talk {
                                val live = inbox.awaitSpans(1).single()
                                tracer.stats().open() shouldBe 1
                                received.complete(live)
                            }
                        }
                    val whole = inbox.awaitSpans(2).last()
                    val live = received.await()
                    live.name shouldBe "message"
                    live.parentSpanId shouldBe whole.spanId
                    live.traceId shouldBe whole.traceId
                    live.attributes["sentry.segment.id"] shouldBe whole.spanId
                    live.attributes["sentry.segment.name"] shouldBe "GET $path"
                    whole.name shouldBe "GET $path"
                    whole.isSegment shouldBe true
                }
                tracer.close()
                inbox.rejections().shouldBeEmpty()
                inbox.warnings().shouldBeEmpty()
            }
        }

        "A span within a WebSocket did not reach the receiver before the WebSocket was closed" {
            session("/rooms/{room}") { received ->
                webSocket("/rooms/7") {
                    send("hello")
                    incoming.receive()
                    received()
                }
            }
        }

        "A span within a stream of events did not reach the receiver before the stream was done" {
            session("/news/{topic}") { received ->
                sse("/news/7") {
                    incoming.first()
                    received()
                }
            }
        }
    }

private fun Application.rooms(tracer: Tracer, received: Deferred<*>) {
    install(ServerTracing) { this.tracer = tracer }
    install(WebSockets)
    install(SSE)
    routing {
        webSocket("/rooms/{room}") { for (frame in incoming) tracer.withSpan("message") { send(frame) } }
        sse("/news/{topic}") {
            tracer.withSpan("message") { send("1") }
            received.await()
        }
    }
}

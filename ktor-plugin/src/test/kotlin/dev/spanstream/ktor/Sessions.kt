package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.client.request.header
import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.response.ApplicationSendPipeline
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.util.pipeline.PipelinePhase
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancel
import io.ktor.client.plugins.websocket.WebSockets as ClientWebSockets

/**
 * Requests that become a connection: WebSockets.
 *
 * @param failuresClose whether the engine closes the connection of a handler that failed
 */
fun sessions(server: TestServer, failuresClose: Boolean) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)
        val failed = CompletableDeferred<Unit>()

        fun Application.rooms() {
            install(ServerTracing) { this.tracer = tracer }
            install(WebSockets)
            routing {
                route("/rooms/{room}") {
                    webSocket("chat") {
                        for (frame in incoming) {
                            tracer.withSpan("message") { send((frame as Frame.Text).readText()) }
                        }
                    }
                }
                webSocket("/broken") {
                    incoming.receive()
                    failed.complete(Unit)
                    error("broken")
                }
            }
        }

        suspend fun serve(talk: suspend (HttpClient) -> Unit) =
            server.serve({ rooms() }) { client -> client.config { install(ClientWebSockets) }.use { talk(it) } }

        "A WebSocket was done when it was upgraded, or its messages were not its children" {
            serve { client ->
                client.webSocket("/rooms/7/chat") {
                    repeat(2) {
                        send("hello")
                        (incoming.receive() as Frame.Text).readText() shouldBe "hello"
                    }
                    sink.take(2).map { it.name } shouldBe listOf("message", "message")
                    tracer.stats().open() shouldBe 1
                    close()
                }
                val span = sink.take()
                span.name shouldBe "GET /rooms/{room}/chat"
                span["http.response.status_code"] shouldBe 101L
                span["http.request.cancelled"].shouldBeNull()
                span.status shouldBe SpanStatus.OK
            }
        }

        "A message of a WebSocket was a child of something else" {
            serve { client ->
                client.webSocket("/rooms/7/chat") {
                    send("hello")
                    incoming.receive()
                }
                val (message, session) = sink.take(2)
                message.parentSpanId shouldBe session.spanId
                message.traceId shouldBe session.traceId
            }
        }

        "A WebSocket whose client went away was an error, or was never done" {
            serve { client ->
                client.webSocket("/rooms/7/chat") {
                    send("hello")
                    incoming.receive()
                    cancel()
                }
                sink.take(2).last().status shouldBe SpanStatus.OK
            }
        }

        "A WebSocket of a request that is not sampled was recorded, or what happened in it was, or was not counted" {
            serve { client ->
                client.webSocket("/rooms/7/chat", { header("sentry-trace", "$TRACE-$PARENT-0") }) {
                    send("hello")
                    incoming.receive()
                }
                List(2) { sink.takeDrop() } shouldBe List(2) { DropReason.SAMPLE_RATE }
            }
            sink.untaken().shouldBeEmpty()
            tracer.stats().open() shouldBe 0
        }

        "A WebSocket that could not be upgraded was never done" {
            server.serve({
                rooms()
                val late = PipelinePhase("Late")
                sendPipeline.insertPhaseBefore(ApplicationSendPipeline.Engine, late)
                sendPipeline.intercept(late) { check(subject !is OutgoingContent.ProtocolUpgrade) }
            }) { client ->
                client.config { install(ClientWebSockets) }.use { runCatching { it.webSocket("/rooms/7/chat") { } } }
                sink.take().run {
                    status shouldBe SpanStatus.ERROR
                    get("error.type") shouldBe "java.lang.IllegalStateException"
                }
            }
        }

        "A WebSocket whose handler failed was no error".config(enabled = failuresClose) {
            serve { client ->
                client.webSocket("/broken") {
                    send("hello")
                    failed.await()
                    cancel()
                }
                sink.take().run {
                    status shouldBe SpanStatus.ERROR
                    get("error.type") shouldBe "java.lang.IllegalStateException"
                    get("http.response.status_code") shouldBe 101L
                }
            }
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.FinishedSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.sse.SSE
import io.ktor.client.plugins.sse.sse
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.job

/** Requests that Ktor sends in a coroutine of the client's own, and which last as long as a session. */
fun clientSessions(engine: HttpClientEngineFactory<*>, webSockets: Boolean) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)
        val shop = Shop()

        suspend fun asking(ask: suspend (HttpClient, String) -> Unit) =
            shop.open { url ->
                HttpClient(engine) {
                    install(SSE)
                    install(WebSockets)
                    install(ClientTracing) { this.tracer = tracer }
                }.use { client -> tracer.withSpan("caller") { ask(client, url) } }
            }

        /** By name, because a session may be done on another thread while the caller goes on. */
        suspend fun session(): FinishedSpan {
            val (callers, spans) = sink.take(2).partition { it.name == "caller" }
            return spans.single().also {
                it.parentSpanId shouldBe callers.single().spanId
                shop.headers.last()["sentry-trace"] shouldBe "${it.traceId}-${it.spanId}-1"
                it["error.type"].shouldBeNull()
                it.status shouldBe SpanStatus.OK
            }
        }

        "Events were not a child of the caller, or were done before their session" {
            asking { client, url ->
                client.sse("$url/prices", { traceFromHere() }) {
                    incoming.take(2).collect { event ->
                        // By the second one, Ktor's own coroutine has long handed over the session.
                        if (event.data == "1") shop.goOn.complete(Unit) else tracer.stats().open() shouldBe 2
                    }
                }
            }
            session()["http.response.status_code"] shouldBe 200L
        }

        for (how in listOf("closed", "cancelled")) {
            "A WebSocket was not a child of the caller, or was done before it was $how".config(enabled = webSockets) {
                asking { client, url ->
                    val session = client.webSocketSession(url.replace("http", "ws") + "/echo") { traceFromHere() }
                    session.send("hello")
                    (session.incoming.receive() as Frame.Text).readText() shouldBe "hello"
                    tracer.stats().open() shouldBe 2
                    sink.untaken().shouldBeEmpty()
                    if (how == "closed") session.close() else session.cancel()
                    session.coroutineContext.job.join()
                }
                session()["http.response.status_code"] shouldBe 101L
            }
        }

        "Events of a caller that said nothing made a span, or were sent in a trace of somebody else" {
            asking { client, url ->
                repeat(2) { client.sse("$url/prices") { incoming.first() } }
            }
            repeat(2) { sink.takeDrop() shouldBe DropReason.NO_PARENT_SPAN }
            val caller = sink.take()
            val traces = shop.headers
                .toList()
                .takeLast(2)
                .map { it["sentry-trace"]!!.substringBefore('-') }
            (traces + caller.traceId).distinct().size shouldBe 3
            sink.untaken().shouldBeEmpty()
        }
    }

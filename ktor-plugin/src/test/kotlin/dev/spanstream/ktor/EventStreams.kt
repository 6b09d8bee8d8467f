package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.sse.ClientSSESession
import io.ktor.client.plugins.sse.SSE
import io.ktor.client.plugins.sse.sse
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlin.time.Duration.Companion.milliseconds

/** Streams of events that a client reads, which last longer than it takes to answer. */
fun eventStreams(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** What a session must leave behind, however it ends: a span of each request. */
        suspend fun session(path: String, requests: Int = 1, read: suspend ClientSSESession.() -> Unit) {
            val shop = Shop()
            shop.open { url ->
                HttpClient(engine) {
                    install(ClientTracing) { this.tracer = tracer }
                    install(SSE) {
                        maxReconnectionAttempts = requests - 1
                        reconnectionTime = 1.milliseconds
                    }
                }.use { client ->
                    tracer.withSpan("caller") {
                        client.sse(url + path, { traceFromHere() }) { read() }
                    }
                    val (callers, spans) = sink.take(1 + requests).partition { it.name == "caller" }
                    for (span in spans) {
                        span.parentSpanId shouldBe callers.single().spanId
                        span.status shouldBe SpanStatus.OK
                        span["error.type"].shouldBeNull()
                        span["http.response.status_code"] shouldBe 200L
                    }
                    shop.headers.map { it["sentry-trace"] }.shouldContainExactlyInAnyOrder(
                        spans.map { "${it.traceId}-${it.spanId}-1" },
                    )
                }
            }
        }

        "A stream of events was done before its last one" {
            session("/news") {
                incoming.map { it.data to tracer.stats().open() }.toList() shouldBe listOf("one" to 2L, "two" to 2L)
            }
        }

        "A stream of events that its reader left was never done, or was an error" {
            session("/news/forever") {
                incoming.map { it.data to tracer.stats().open() }.first() shouldBe ("one" to 2L)
            }
        }

        "A stream of events that was taken up again was never done" {
            session("/news", requests = 2) {
                incoming.map { it.data }.take(4).toList() shouldBe listOf("one", "two", "one", "two")
            }
        }
    }

package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.sse.ClientSSESession
import io.ktor.client.plugins.sse.SSE
import io.ktor.client.plugins.sse.sse
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList

/** Streams of events that a client reads, which last longer than it takes to answer. */
fun eventStreams(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        /** What a session must leave behind, however it ends. */
        suspend fun session(path: String, read: suspend ClientSSESession.() -> Unit) {
            Shop().open { url ->
                HttpClient(engine) {
                    install(ClientTracing) { this.tracer = tracer }
                    install(SSE)
                }.use { client ->
                    tracer.withSpan("caller") {
                        client.sse(url + path, { traceHere() }) { read() }
                    }
                    val spans = sink.take(2)
                    val caller = spans.single { it.name == "caller" }
                    val span = (spans - caller).single()
                    span.parentSpanId shouldBe caller.spanId
                    span.status shouldBe SpanStatus.OK
                    span["error.type"].shouldBeNull()
                    span["http.response.status_code"] shouldBe 200L
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
    }

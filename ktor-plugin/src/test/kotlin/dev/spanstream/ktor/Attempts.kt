package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.plugins.HttpRequestRetry
import io.ktor.client.plugins.cache.HttpCache
import io.ktor.client.request.get
import io.ktor.client.request.head
import io.ktor.client.request.prepareGet
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import java.net.ServerSocket

/** Which spans the attempts of a request make. */
fun attempts(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun asking(configure: HttpClientConfig<*>.() -> Unit, ask: suspend (HttpClient, String) -> Unit) =
            Shop().open { url ->
                HttpClient(engine, configure).use { client -> tracer.withSpan("caller") { ask(client, url) } }
            }

        val traced: HttpClientConfig<*>.() -> Unit = { install(ClientTracing) { this.tracer = tracer } }

        "A request was not a child of the active span, or lacks an attribute" {
            asking(traced) { client, url -> client.get("$url/fine?token=secret") }
            val (span, caller) = sink.take(2)
            span.parentSpanId shouldBe caller.spanId
            val port = span["server.port"]
            span.name shouldBe "GET http://127.0.0.1:$port/fine"
            span["url.full"] shouldBe "http://127.0.0.1:$port/fine"
            span["sentry.op"] shouldBe "http.client"
            span["sentry.origin"] shouldBe "auto.http.ktor_client"
            span["http.response.status_code"] shouldBe 200L
            span.status shouldBe SpanStatus.OK
        }

        "A request for headers only was never done" {
            asking(traced) { client, url -> client.head("$url/fine") }
            sink.take(2).map { it["http.request.method"] }.shouldContainExactly("HEAD", null)
        }

        "A status from 400 on was not an error" {
            for ((path, code) in mapOf("bad" to 400L, "missing" to 404L)) {
                asking(traced) { client, url -> client.get("$url/$path") }
                val (span, caller) = sink.take(2)
                span["http.response.status_code"] shouldBe code
                span.status shouldBe SpanStatus.ERROR
                caller.status shouldBe SpanStatus.OK
            }
        }

        "A connection that was refused was not an error" {
            val free = ServerSocket(0).use { it.localPort }
            asking(traced) { client, _ -> shouldThrowAny { client.get("http://127.0.0.1:$free/") } }
            val (span, _) = sink.take(2)
            span.status shouldBe SpanStatus.ERROR
            span["http.response.status_code"].shouldBeNull()
        }

        "Retries were one span, or lasted until the next one" {
            val asks = listOf<suspend (HttpClient, String) -> Unit>(
                { client, url -> client.get("$url/flaky") },
                { client, url -> client.prepareGet("$url/flaky").execute { it.bodyAsText() } },
            )
            for ((retryFirst, ask) in listOf(true, false).flatMap { first -> asks.map { first to it } }) {
                val openBetween = mutableListOf<Long>()
                val retrying: HttpClientConfig<*>.() -> Unit = {
                    install(HttpRequestRetry) {
                        retryOnServerErrors(maxRetries = 3)
                        delay { openBetween += tracer.stats().open() }
                    }
                }
                val plugins = if (retryFirst) listOf(retrying, traced) else listOf(traced, retrying)
                asking({ plugins.forEach { it() } }, ask)

                // A body that is streamed may be done on another thread.
                val (callers, spans) = sink.take(4).partition { it.name == "caller" }
                spans.map { it["http.response.status_code"] }.shouldContainExactly(500L, 500L, 200L)
                spans.map { it.parentSpanId }.distinct().shouldContainExactly(callers.single().spanId)
                openBetween.shouldContainExactly(1, 1)
            }
        }

        "What a cache made of a response was taken for the response, or what it answers itself for a request" {
            val cached: HttpClientConfig<*>.() -> Unit = {
                install(HttpCache)
                traced()
            }
            asking(cached) { client, url ->
                for (control in listOf("no-cache", "max-age=3600")) {
                    repeat(2) {
                        client.get("$url/cached?control=$control").run {
                            status shouldBe HttpStatusCode.OK
                            bodyAsText() shouldBe "fine"
                        }
                    }
                }
            }
            sink.take(4).map { it["http.response.status_code"] }.shouldContainExactly(200L, 304L, 200L, null)
            sink.untaken().shouldBeEmpty()
        }

        "Redirects were not siblings" {
            asking(traced) { client, url -> client.get("$url/moved") }
            val spans = sink.take(3)
            spans.map { it["http.response.status_code"] }.shouldContainExactly(302L, 200L, null)
            spans
                .dropLast(1)
                .map { it.parentSpanId }
                .distinct()
                .shouldContainExactly(spans.last().spanId)
            spans.first().status shouldBe SpanStatus.OK
        }

        "A request to the receiver of the spans was traced" {
            Shop().open { url ->
                val own: Tracer = tracer(sink) { dsn = url.replace("//", "//key@") + "/1" }
                HttpClient(engine) { install(ClientTracing) { this.tracer = own } }.use { client ->
                    own.withSpan("caller") { client.get("$url/fine") }
                }
            }
            sink.take().name shouldBe "caller"
            sink.untaken().shouldBeEmpty()
        }
    }

package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.get
import io.ktor.client.request.header

/** Which headers of the trace arrive where. */
fun sentHeaders(engine: HttpClientEngineFactory<*>) =
    stringSpec {
        val sink = RecordingSink()

        /** The headers of each request that arrived. */
        suspend fun request(
            tracer: Tracer,
            path: String,
            build: HttpRequestBuilder.() -> Unit = {},
        ): List<Map<String, String?>> {
            val shop = Shop()
            shop.open { url ->
                HttpClient(engine) { install(ClientTracing) { this.tracer = tracer } }.use { client ->
                    tracer.withSpan("caller") { client.get("$url$path", build) }
                }
            }
            return shop.headers.toList()
        }

        "The headers of a request were not those of its span" {
            val headers = request(tracer(sink), "/fine").single()
            val (span, _) = sink.take(2)
            headers["sentry-trace"] shouldBe "${span.traceId}-${span.spanId}-1"
            headers["baggage"]!! shouldContain "sentry-trace_id=${span.traceId}"
            headers["traceparent"].shouldBeNull()
        }

        "The headers of an unsampled request did not say so" {
            val headers = request(tracer(sink) { tracesSampleRate = 0.0 }, "/fine").single()
            headers["sentry-trace"]!! shouldEndWith "-0"
            sink.takeDrop()
            sink.takeDrop()
        }

        "A request where nothing is active got no headers" {
            val shop = Shop()
            shop.open { url ->
                HttpClient(engine) { install(ClientTracing) { tracer = tracer(sink) } }.use { it.get("$url/fine") }
            }
            shop.headers.single()["sentry-trace"]!! shouldMatch "[0-9a-f]{32}-[0-9a-f]{16}"
            sink.takeDrop()
        }

        "Baggage of others was lost, or ours was there twice" {
            val headers = request(tracer(sink), "/fine") {
                header("baggage", "other=1,sentry-release=stale")
                header("baggage", "another=2")
            }.single()
            val (span, _) = sink.take(2)
            headers["baggage"]!! shouldContain "sentry-trace_id=${span.traceId}"
            headers["baggage"]!! shouldEndWith "other=1,another=2"
            headers["baggage"]!! shouldNotContain "stale"
        }

        "The traceparent of another SDK was taken away" {
            val foreign = "00-$TRACE-$PARENT-01"
            request(tracer(sink), "/fine") { header("traceparent", foreign) }.single()["traceparent"] shouldBe foreign
            sink.take(2)
        }

        "Headers went to a host that is no target" {
            val headers = request(tracer(sink) { tracePropagationTargets = listOf("shop.example") }, "/fine") {
                header("baggage", "other=1")
            }.single()
            headers shouldBe mapOf("sentry-trace" to null, "baggage" to "other=1", "traceparent" to null)
            sink.take(2)
        }

        "A redirect took the headers along to a host that is no target" {
            val targets = tracer(sink) {
                tracePropagationTargets = listOf("/moved")
                propagateTraceparent = true
            }
            val (first, second) = request(targets, "/moved") { header("baggage", "other=1") }
            first["sentry-trace"]!! shouldEndWith "-1"
            first["traceparent"]!! shouldEndWith "-01"
            second shouldBe mapOf("sentry-trace" to null, "baggage" to "other=1", "traceparent" to null)
            sink.take(3)
        }

        "A redirect took the headers along to the receiver of the spans" {
            val other = Shop()
            other.open { receiver ->
                val own = tracer(sink) { dsn = receiver.replace("//", "//key@") + "/1" }
                val (first) = request(own, "/moved?to=$receiver/fine")
                first["sentry-trace"]!! shouldEndWith "-1"
            }
            other.headers.single()["sentry-trace"].shouldBeNull()
            other.headers.single()["baggage"].shouldBeNull()
            sink.take(2).map { it["http.response.status_code"] } shouldBe listOf(302L, null)
        }
    }

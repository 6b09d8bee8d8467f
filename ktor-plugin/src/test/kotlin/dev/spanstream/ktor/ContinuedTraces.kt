package dev.spanstream.ktor

import dev.spanstream.Traces
import dev.spanstream.coroutines.withSpan
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing

const val TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
const val PARENT = "00f067aa0ba902b7"

/** Which trace the service span of a request is in. */
fun continuedTraces(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun request(vararg headers: Pair<String, String>): String {
            var body = ""
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing { get("/") { call.respondText(tracer.traceHeaders().getValue("sentry-trace")) } }
            }) { client ->
                body = client.get("/") { headers.forEach { (name, value) -> header(name, value) } }.bodyAsText()
            }
            return body
        }

        "A request with trace headers did not continue their trace" {
            val inside = request(
                "sentry-trace" to "$TRACE-$PARENT-1",
                "baggage" to "sentry-trace_id=$TRACE,sentry-sample_rate=0.5,sentry-sample_rand=0.123456",
            )

            val span = sink.take()
            span.traceId shouldBe TRACE
            span.parentSpanId shouldBe PARENT
            span.isServiceSpan shouldBe true
            span.tree.dynamicSamplingContext["sample_rand"] shouldBe "0.123456"
            inside shouldBe "$TRACE-${span.spanId}-1"
        }

        "A request without trace headers did not begin a trace of its own" {
            request()
            val first = sink.take()
            request()
            val second = sink.take()

            first.parentSpanId.shouldBeNull()
            second.parentSpanId.shouldBeNull()
            first.traceId shouldNotBe second.traceId
        }

        "Trace headers that are garbage were believed, or broke the request" {
            for (garbage in listOf(
                "",
                "garbage",
                "$TRACE-$PARENT-2",
                "0".repeat(32) + "-$PARENT-1",
                "-".repeat(2_000),
            )) {
                request("sentry-trace" to garbage, "baggage" to "sentry-trace_id=%ZZ,=,;;,sentry-=1")
                sink.take().run {
                    traceId shouldNotBe TRACE
                    parentSpanId.shouldBeNull()
                }
            }
        }

        "Of several sentry-trace headers the first was not taken" {
            request("sentry-trace" to "$TRACE-$PARENT-1", "sentry-trace" to "${"a".repeat(32)}-${"b".repeat(16)}-1")
            sink.take().traceId shouldBe TRACE
        }

        "Several baggage headers were not read as one" {
            request(
                "sentry-trace" to "$TRACE-$PARENT-1",
                "baggage" to "sentry-trace_id=$TRACE",
                "baggage" to "sentry-release=shop@1",
            )
            sink.take().tree.dynamicSamplingContext.run {
                get("trace_id") shouldBe TRACE
                get("release") shouldBe "shop@1"
            }
        }

        "What one request set on its scope was seen by the next" {
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/mark") {
                        Traces.setAttribute("marked", true)
                        call.respondText("")
                    }
                    get("/look") { tracer.withSpan("look") { call.respondText("") } }
                }
            }) { client ->
                client.get("/mark")
                sink.take()["marked"] shouldBe true
                client.get("/look")
                sink.take(2).forEach { it["marked"].shouldBeNull() }
            }
        }
    }

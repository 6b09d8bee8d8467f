package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.coroutines.SpanParent
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.server.application.install
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import java.util.concurrent.ConcurrentLinkedQueue

/** What becomes of a request whose span is not recorded. */
fun unrecordedRequests(server: TestServer) =
    stringSpec {
        suspend fun request(tracer: Tracer, vararg headers: Pair<String, String>): String {
            var body = ""
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing { get("/orders/{id}") { call.respondText(tracer.traceHeaders().getValue("sentry-trace")) } }
            }) { client ->
                body = client.get("/orders/7") { headers.forEach { (name, value) -> header(name, value) } }.bodyAsText()
            }
            return body
        }

        "An unsampled request was recorded, or not counted" {
            val sink = RecordingSink()
            val tracer = tracer(sink)
            request(tracer, "sentry-trace" to "$TRACE-$PARENT-0") shouldStartWith "$TRACE-"

            sink.takeDrop() shouldBe DropReason.SAMPLE_RATE
            sink.untaken().shouldBeEmpty()
            tracer.stats().open() shouldBe 0
        }

        "The span of an unsampled request was not to be had, or recorded, or what has it as its parent was" {
            val sink = RecordingSink()
            val tracer = tracer(sink)
            server.serve({
                install(ServerTracing) { this.tracer = tracer }
                routing {
                    get("/") {
                        tracer.withSpan("child", parent = SpanParent.Of(call.span)) { }
                        call.respondText("${call.span.isRecording}")
                    }
                }
            }) { client -> client.get("/") { unsampled() }.bodyAsText() shouldBe "false" }

            List(2) { sink.takeDrop() } shouldBe List(2) { DropReason.SAMPLE_RATE }
            sink.untaken().shouldBeEmpty()
        }

        "The span of an unsampled request was to be had only where a sampled one is not: installed in a route" {
            val sink = RecordingSink()
            val tracer = tracer(sink)
            val seen = ConcurrentLinkedQueue<String>()
            server.serve({
                install(StatusPages) {
                    exception<NoSuchElementException> { call, _ ->
                        seen += "status page: ${call.spanOrNull?.isSampled}"
                        call.respondText("")
                    }
                }
                routing {
                    route("/traced") {
                        install(ServerTracing) { this.tracer = tracer }
                        install(
                            createRouteScopedPlugin("Peek") {
                                onCall { seen += "plugin: ${it.spanOrNull?.isSampled}" }
                            },
                        )
                        get {
                            seen += "handler: ${call.spanOrNull?.isSampled}"
                            throw NoSuchElementException()
                        }
                    }
                    get("/other") {
                        seen += "other: ${call.spanOrNull?.isSampled}"
                        call.respondText("")
                    }
                }
            }) { client ->
                for (sampled in listOf(true, false)) {
                    client.get("/traced") { if (!sampled) unsampled() }
                    seen.shouldContainExactly("plugin: $sampled", "handler: $sampled", "status page: $sampled")
                    seen.clear()
                    client.get("/other") { if (!sampled) unsampled() }
                    seen.shouldContainExactly("other: null")
                    seen.clear()
                }
            }
        }

        "A tracer that records nothing did not pass the trace on" {
            val tracer = tracer(RecordingSink()) { tracesSampleRate = null }
            request(tracer, "sentry-trace" to "$TRACE-$PARENT") shouldStartWith "$TRACE-"
            tracer.stats().started() shouldBe 0
        }
    }

private fun HttpRequestBuilder.unsampled() = header("sentry-trace", "$TRACE-$PARENT-0")

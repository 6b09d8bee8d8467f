package dev.spanstream.ktor

import dev.spanstream.SpanStatus
import dev.spanstream.Traces
import dev.spanstream.coroutines.withSpan
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldEndWith
import io.ktor.client.HttpClient
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.install
import io.ktor.server.request.header
import io.ktor.server.request.path
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import java.util.concurrent.ConcurrentLinkedQueue

/** What the plugin may be told. */
fun configurations(server: TestServer) =
    stringSpec {
        val sink = RecordingSink()
        val tracer = tracer(sink)

        suspend fun serve(configure: ServerTracingConfig.() -> Unit, talk: suspend (HttpClient) -> Unit) =
            server.serve({
                install(ServerTracing) {
                    this.tracer = tracer
                    configure()
                }
                routing {
                    get("/health") {
                        tracer.withSpan("child") { }
                        call.respondText(tracer.traceHeaders().getValue("sentry-trace"))
                    }
                    get("/orders/{id}") { call.respondText("four") }
                    get("/fail") { error("broken") }
                }
            }, talk)

        "A request that is filtered out was recorded, or what is under it, or was not counted" {
            serve({ filter { it.request.path() != "/health" } }) { client ->
                client.get("/health").bodyAsText() shouldEndWith "-0"
                List(2) { sink.takeDrop() } shouldBe List(2) { DropReason.IGNORED }
                client.get("/orders/7")
                sink.take().name shouldBe "GET /orders/{id}"
            }
            sink.untaken().shouldBeEmpty()
        }

        "A span that the handler had ended was enriched as if it had not" {
            val enriched = ConcurrentLinkedQueue<String>()
            server.serve({
                install(ServerTracing) {
                    this.tracer = tracer
                    enrich { span, _ -> enriched += span.name }
                }
                routing {
                    get("/ended") {
                        call.span.end()
                        call.respondText("done")
                    }
                    get("/open") { call.respondText("done") }
                }
            }) { client ->
                for (path in listOf("/ended", "/open")) {
                    client.get(path)
                    sink.take().name shouldBe "GET $path"
                }
            }
            enriched shouldContainExactly listOf("GET /open")
        }

        "A name of the user's own was not taken, or where there is none the route was not" {
            serve({ spanName { call -> call.parameters["id"]?.let { "order" } } }) { client ->
                client.get("/orders/7")
                sink.take().run {
                    name shouldBe "order"
                    get("sentry.segment.name.source") shouldBe "custom"
                    get("http.route") shouldBe "/orders/{id}"
                }
                client.get("/health")
                sink.take(2).last().name shouldBe "GET /health"
            }
        }

        "A name of the user's own on a path that no route matches was not said to be one, or the sampler had another" {
            val seen = ConcurrentLinkedQueue<String>()
            val sampling = tracer(sink) {
                setTracesSampler {
                    seen += "${it.spanContext.name} ${it.spanContext.attributes["sentry.segment.name.source"]}"
                    1.0
                }
            }
            for (tracer in listOf(tracer, sampling)) {
                serve({
                    this.tracer = tracer
                    spanName { "SOAP order" }
                }) { client -> client.get("/nowhere") }
                sink.take().run {
                    name shouldBe "SOAP order"
                    get("sentry.segment.name.source") shouldBe "custom"
                }
            }
            seen.shouldContainExactly("SOAP order custom")
        }

        "What enrich knows of a call that is done did not get into the span" {
            serve({ enrich { span, call -> span.setAttribute("answered", call.response.status()?.value) } }) { client ->
                client.get("/orders/7")
            }
            sink.take()["answered"] shouldBe 200L
        }

        "A status to be ignored was an error, or another one was not, or an exception was not" {
            serve({ ignoreStatus { it == HttpStatusCode.NotFound || it.value == 500 } }) { client ->
                client.get("/nowhere")
                sink.take().run {
                    status shouldBe SpanStatus.OK
                    get("http.response.status_code") shouldBe 404L
                }
                client.get("/fail")
                sink.take().status shouldBe SpanStatus.ERROR
            }
            serve({ ignoreStatus { it.value == 405 } }) { client -> client.get("/nowhere") }
            sink.take().status shouldBe SpanStatus.ERROR
        }

        "A function that throws broke the request, or its span" {
            serve({
                filter { error("filter") }
                spanName { throw StackOverflowError("spanName") }
                enrich { _, _ -> throw AssertionError("enrich") }
                ignoreStatus { error("ignoreStatus") }
            }) { client ->
                client.get("/orders/7").bodyAsText() shouldBe "four"
                sink.take().name shouldBe "GET /orders/{id}"
                client.get("/nowhere").status shouldBe HttpStatusCode.NotFound
                sink.take().status shouldBe SpanStatus.ERROR
            }
        }

        "What a function of the configuration sets on a scope was set for other requests, too, or for none" {
            serve({
                spanName { call ->
                    call.request.header("X-Tenant")?.let { Traces.setAttribute("tenant", it) }
                    null
                }
            }) { client ->
                client.get("/orders/7") { header("X-Tenant", "books") }
                sink.take()["tenant"] shouldBe "books"
                client.get("/orders/7")
                sink.take()["tenant"].shouldBeNull()
            }
        }

        "A tracer of the process that was never made broke the request" {
            server.serve({
                install(ServerTracing)
                routing { get("/") { call.respondText("${call.span.isRecording}") } }
            }) { client -> client.get("/").bodyAsText() shouldBe "false" }
        }
    }

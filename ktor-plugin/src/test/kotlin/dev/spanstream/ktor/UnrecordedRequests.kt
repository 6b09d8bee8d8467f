package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.stringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing

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

        "A tracer that records nothing did not pass the trace on" {
            val tracer = tracer(RecordingSink()) { tracesSampleRate = null }
            request(tracer, "sentry-trace" to "$TRACE-$PARENT") shouldStartWith "$TRACE-"
            tracer.stats().started() shouldBe 0
        }
    }

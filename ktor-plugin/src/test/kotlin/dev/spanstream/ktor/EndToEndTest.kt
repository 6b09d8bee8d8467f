package dev.spanstream.ktor

import dev.spanstream.Tracer
import dev.spanstream.samples.inbox.Inbox
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.server.application.install
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.serialization.json.jsonPrimitive

/** The whole way: a request over a socket, a trace that came with it, a receiver that is strict. */
class EndToEndTest : StringSpec({
    "A trace that came with a request did not arrive as the same trace" {
        Inbox.start().use { inbox ->
            Tracer
                .create { options ->
                    options.dsn = inbox.dsn
                    options.tracesSampleRate = 1.0
                }.use { tracer ->
                    SocketServer(Netty).serve({
                        install(ServerTracing) { this.tracer = tracer }
                        routing { get("/orders/{id}") { call.respondText("") } }
                    }) { client ->
                        client.get("/orders/7") {
                            header("sentry-trace", "$TRACE-$PARENT-1")
                            header("baggage", BAGGAGE)
                        }
                    }
                    // Stopping the application has flushed the tracer.
                    val span = inbox.awaitSpans(1).single()
                    span.traceId shouldBe TRACE
                    span.parentSpanId shouldBe PARENT
                    span.name shouldBe "GET /orders/{id}"
                    span.isSegment shouldBe true
                    val context = span.dynamicSamplingContext
                    context.getValue("trace_id").jsonPrimitive.content shouldBe TRACE
                    val publicKey = inbox.dsn.substringAfter("//").substringBefore('@')
                    context.getValue("public_key").jsonPrimitive.content shouldBe publicKey
                    context.getValue("sample_rand").jsonPrimitive.content shouldBe "0.123456"
                }
            inbox.rejections().shouldBeEmpty()
            inbox.warnings().shouldBeEmpty()
        }
    }
})

private const val BAGGAGE = "sentry-trace_id=$TRACE,sentry-sample_rate=0.5,sentry-sample_rand=0.123456"

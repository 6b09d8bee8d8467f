package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.samples.inbox.PlannedAnswer
import dev.spanstream.sink.DropReason
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.jsonPrimitive
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

private val TRACE = "7".repeat(32)
private val NAME = Regex("\"name\":\"(\\w+)\"")

private fun tracer(inbox: Inbox) =
    Tracer.create { options ->
        options.dsn = inbox.dsn
        options.tracesSampleRate = 1.0
    }

private fun Tracer.endSpans(count: Int) =
    startSpan("request").use { repeat(count - 1) { number -> startSpan("step $number").end() } }

/** The whole way, over a real socket, into a receiver that rejects what Sentry would reject. */
class EndToEndTest : StringSpec({
    "A tracer with nothing but a DSN sends spans that the receiver rejects, or none" {
        Inbox.start().use { inbox ->
            val tracer = tracer(inbox)
            tracer.use {
                tracer.startSpan("GET /orders").use {
                    tracer.startSpan("SELECT orders").use { span -> span.setAttribute("db.rows", 3L) }
                }
                tracer.flush(Duration.ofSeconds(10)).shouldBeTrue()
            }

            inbox.rejections().shouldBeEmpty()
            inbox.warnings().shouldBeEmpty()
            inbox.awaitSpans(2).map { it.name }.shouldContainExactly("SELECT orders", "GET /orders")
            tracer.stats().sent() shouldBe 2
            tracer.stats().buffered() shouldBe 0
        }
    }

    "More spans than fit into one envelope are rejected, lost or doubled" {
        Inbox.start().use { inbox ->
            val tracer = tracer(inbox)
            tracer.endSpans(2_500)
            tracer.flush(Duration.ofSeconds(10)).shouldBeTrue()
            tracer.close()

            inbox.awaitSpans(2_500).distinctBy { it.spanId }.size shouldBe 2_500
            inbox.rejections().shouldBeEmpty()
            tracer.stats().sent() shouldBe 2_500
        }
    }

    "A receiver that fails, and then finds envelopes too large, makes spans be lost or doubled" {
        val requests = AtomicInteger()
        Inbox
            .start {
                respond = { envelope ->
                    val spans = envelope.items.sumOf { Regex("\"span_id\"").findAll(it.text).count() }
                    when {
                        requests.incrementAndGet() == 1 -> PlannedAnswer(503)
                        spans > 10 -> PlannedAnswer(413)
                        else -> null
                    }
                }
            }.use { inbox ->
                val tracer = tracer(inbox)
                tracer.endSpans(100)
                tracer.flush(Duration.ofSeconds(30)).shouldBeTrue()
                tracer.close()

                inbox.awaitSpans(100).distinctBy { it.spanId }.size shouldBe 100
                inbox.acceptedSpanCount() shouldBe 100
                inbox
                    .rejections()
                    .filter { it.toString().contains("413").not() && it.toString().contains("503").not() }
                    .shouldBeEmpty()
                tracer.stats().sent() shouldBe 100
            }
    }

    "What a receiver under its quota drops is in the client report too, or is not in the books" {
        Inbox
            .start {
                respond = { PlannedAnswer(429, headers = mapOf("X-Sentry-Rate-Limits" to "60:span:key")) }
            }.use { inbox ->
                val tracer = tracer(inbox)
                tracer.endSpans(5)
                tracer.flush(Duration.ofSeconds(10)).shouldBeTrue()
                tracer.endSpans(7)
                tracer.flush(Duration.ofSeconds(10)).shouldBeTrue()

                inbox.envelopes().flatMap { it.items }.map { it.type } shouldBe listOf("span", "client_report")
                inbox
                    .envelopes()
                    .last()
                    .items
                    .single()
                    .text
                    .contains("\"quantity\":7")
                    .shouldBeTrue()
                tracer.stats().dropped() shouldBe mapOf(DropReason.RATELIMIT_BACKOFF to 12L)
                tracer.close()
            }
    }

    "Service spans of one trace are extrapolated with each other's sample rate" {
        Inbox.start().use { inbox ->
            val tracer = Tracer.create { options ->
                options.dsn = inbox.dsn
                options.setTracesSampler { if (it.spanContext.name == "rare") 0.5 else 1.0 }
            }
            Traces.isolate().use {
                // Drawn upstream, so that both rates let the trace through.
                tracer.continueTrace(
                    mapOf(
                        "sentry-trace" to "$TRACE-${"1".repeat(16)}",
                        "baggage" to "sentry-sample_rand=0.1",
                    ),
                )
                listOf("rare", "frequent", "rare").forEach { name -> tracer.startSpan(name).end() }
                tracer.close()
            }

            inbox.awaitSpans(3)
            inbox.rejections().shouldBeEmpty()
            inbox
                .envelopes()
                .associate { envelope ->
                    val rate = envelope.dynamicSamplingContext
                        ?.get("sample_rate")
                        ?.jsonPrimitive
                        ?.content
                    rate to NAME.findAll(envelope.items.single().text).map { it.groupValues[1] }.toList()
                }.shouldBe(mapOf("0.5" to listOf("rare", "rare"), "1.0" to listOf("frequent")))
            tracer.stats().sent() shouldBe 3
        }
    }

    "Without a receiver a close takes longer than it may, or spans are not counted" {
        val inbox = Inbox.start()
        val tracer = tracer(inbox)
        inbox.close()
        tracer.endSpans(5)
        tracer.close()

        tracer.stats().dropped() shouldBe mapOf(DropReason.NETWORK_ERROR to 5L)
        tracer.stats().buffered() shouldBe 0
    }
})

package dev.spanstream.samples.checkout

import dev.spanstream.Dsn
import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.samples.inbox.ReceivedSpan
import dev.spanstream.samples.inbox.ReceivedTrace
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.maps.shouldContainKeys
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration

class CheckoutTest :
    FunSpec({
        lateinit var inbox: Inbox
        lateinit var checkout: Checkout
        lateinit var driver: Driver

        beforeTest {
            inbox = Inbox.start()
            initTracing {
                dsn = inbox.dsn
                tracesSampleRate = 1.0
            }
            checkout = Checkout()
            driver = Driver(checkout.storefrontUrl)
        }

        afterTest {
            driver.close()
            checkout.close()
            Traces.close()
            inbox.close()
        }

        suspend fun onlyTrace(): ReceivedTrace {
            Traces.flush(TIMEOUT) shouldBe true
            inbox.rejections().shouldBeEmpty()
            inbox.warnings().shouldBeEmpty()
            inbox.traces().size shouldBe 1
            return inbox.traces().single()
        }

        test("one order is one trace through the Ktor plugins, coroutines and Java of both services") {
            driver.orderOne(0) shouldBe "total 13.8030"

            val trace = onlyTrace()
            trace.edges().shouldContainExactlyInAnyOrder(
                "POST /checkout/{article}" to null,
                "check out" to "POST /checkout/{article}",
                "reserve stock" to "check out",
                "GET stock" to "reserve stock",
                "GET /articles/{article}/reservation" to "GET stock",
                "query shelf" to "GET /articles/{article}/reservation",
                "price order" to "check out",
                "look up price" to "price order",
                "add tax" to "look up price",
            )
            trace.serviceSpans.map { it.attributes["service.name"] to it.name }.shouldContainExactlyInAnyOrder(
                "storefront" to "POST /checkout/{article}",
                "stock" to "GET /articles/{article}/reservation",
            )
        }

        test("a sold out article makes errors of the spans that say so, and of no others") {
            driver.orderOne(2) shouldBe "sold out"

            onlyTrace().spans.filter { it.status == "error" }.map { it.label() }.shouldContainExactlyInAnyOrder(
                "POST /checkout/{article}",
                "GET stock",
                "GET /articles/{article}/reservation",
            )
        }

        test("an exception in Java code is an error of every span that it leaves") {
            driver.orderOne(4)

            val failed = onlyTrace().spans.filter { it.status == "error" }
            failed.map { it.label() }.shouldContainExactlyInAnyOrder(
                "POST /checkout/{article}",
                "check out",
                "price order",
                "look up price",
            )
            failed.single { it.name == "price order" }.attributes["error.type"] shouldBe
                "java.lang.IllegalArgumentException"
        }

        test("a trace that came in goes on, and its envelopes name the trace and our key") {
            driver.orderOne(0, UPSTREAM)

            val trace = onlyTrace()
            trace.traceId shouldBe "4bf92f3577b34da6a3ce929d0e0e4736"
            trace.spans.single { it.name == "POST /checkout/{article}" }.parentSpanId shouldBe "00f067aa0ba902b7"
            for (context in trace.dynamicSamplingContexts) {
                context["trace_id"] shouldBe JsonPrimitive(trace.traceId)
                context["public_key"] shouldBe JsonPrimitive(Dsn.parse(inbox.dsn).publicKey())
                context.shouldContainKeys("sample_rate", "sample_rand", "sampled")
            }
        }

        test("garbage in the trace headers begins a new trace") {
            driver.orderOne(0, mapOf("sentry-trace" to "garbage", "baggage" to "sentry-trace_id=%ZZ,;;=,sentry-"))

            onlyTrace().spans.single { it.name == "POST /checkout/{article}" }.parentSpanId shouldBe null
        }

        test("a thousand orders leave no span unaccounted for") {
            driver.order(1_000)

            Traces.flush(TIMEOUT) shouldBe true
            val stats = Traces.tracer().stats()
            stats.started() shouldBe stats.ended()
            stats.dropped() shouldBe emptyMap()
            stats.sent() shouldBe stats.ended()
            inbox.acceptedSpanCount() shouldBe stats.ended()
            inbox.rejections().shouldBeEmpty()
        }
    })

private val TIMEOUT: Duration = Duration.ofSeconds(60)

private val UPSTREAM =
    mapOf(
        "sentry-trace" to "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "baggage" to
            "sentry-trace_id=4bf92f3577b34da6a3ce929d0e0e4736,sentry-sample_rate=0.5,sentry-sample_rand=0.123456",
    )

/** Child and parent by name, with the port of this run left out. */
private fun ReceivedTrace.edges(): List<Pair<String, String?>> =
    spans.map { span -> span.label() to spans.find { it.spanId == span.parentSpanId }?.label() }

private fun ReceivedSpan.label(): String = if (name.startsWith("GET http:")) "GET stock" else name

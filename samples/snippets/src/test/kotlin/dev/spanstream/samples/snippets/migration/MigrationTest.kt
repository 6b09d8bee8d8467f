package dev.spanstream.samples.snippets.migration

import dev.spanstream.Traces
import dev.spanstream.TracingOptions
import dev.spanstream.coroutines.initTracing
import dev.spanstream.samples.snippets.migration.Shop.Cart
import dev.spanstream.samples.snippets.migration.Shop.Message
import dev.spanstream.sink.DropReason
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.maps.shouldContain
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.sentry.Sentry
import io.sentry.SentryEvent
import java.net.URI
import java.net.http.HttpRequest

/** What docs/MIGRATION.md says of the code that it shows is what happens. */
class MigrationTest :
    FunSpec({
        val sink = InMemorySpanSink()
        val shop = TracedShop()
        val migrated = WithSpanstream(shop)

        fun start(configure: TracingOptions.() -> Unit = {}) =
            initTracing {
                this.sink = sink
                tracesSampleRate = 1.0
                configure()
            }

        afterTest {
            Traces.close()
            Traces.isolationScope().clear()
            Traces.newTrace()
            sink.clear()
        }

        test("a transaction and its child are a service span and its child, in Java and in coroutines") {
            start()
            migrated.checkOut(CART)
            sink.tree() shouldBe "check out\n  reserve stock\n    reserve\n  charge\n"

            sink.clear()
            CoroutinesWithSpanstream(shop).checkOut(CART)
            sink.tree() shouldBe "check out\n  reserve stock\n    reserve\n  charge\n"

            sink.clear()
            migrated.checkOutByHand(CART)
            FromOpenTelemetry(shop).checkOut(CART)
            sink.tree() shouldBe "check out\n  charge\ncheck out\n  charge\n"
        }

        test("data, tags, measurements and contexts are attributes, and a tag of the scope is one of later spans") {
            start()
            Traces.startSpan("check out").use {
                migrated.describe(CART)
                Traces.startSpan("later").close()
            }

            val described = sink.only("check out")
            described.sentAttributes shouldContain ("cart.items" to 3L)
            described.sentAttributes shouldContain ("sentry.op" to "cart.check")
            described.status.wireName() shouldBe "error"
            sink.only("later").sentAttributes shouldContain ("tenant" to "north")
        }

        test("the sampler sees the custom sampling context, which is gone after the isolation") {
            start { WithSpanstream.sampler(this) }
            repeat(1_000) { migrated.importPrices() }
            sink.spans().size shouldBeLessThan 100

            sink.clear()
            Traces.currentScope().getSpan() shouldBe null
            Traces.continueTrace(mapOf("sentry-trace" to "$TRACE_ID-00f067aa0ba902b7-1"))
            Traces.startSpan("check out").close()
            sink.only("check out").traceId shouldBe TRACE_ID
        }

        test("an attribute is removed before a span is sent") {
            start { WithSpanstream.beforeSend(this) }
            Traces.startSpan("search", mapOf("url.query" to "q=book", "url.path" to "/search")).close()

            sink.only("search").sentAttributes shouldNotContainKey "url.query"
            sink.only("search").sentAttributes shouldContainKey "url.path"
        }

        test("what was an ignored transaction is counted as ignored, with all that is under it") {
            val tracer = start { WithSpanstream.ignore(this) }
            for (name in listOf("GET /health", "GET /internal/metrics", "GET /orders")) {
                Traces.startSpan(name).use { Traces.startSpan("query").close() }
            }

            sink.tree() shouldBe "GET /orders\n  query\n"
            tracer.stats().dropped() shouldBe mapOf(DropReason.IGNORED to 4L)
        }

        test("an ignored child gives its children to its parent") {
            start { WithSpanstream.ignore(this) }
            Traces.startSpan("job").use {
                Traces.startSpan("GET /health").use { Traces.startSpan("query").close() }
            }

            sink.tree() shouldBe "job\n  query\n"
        }

        test("the service span is renamed and described from below") {
            start()
            Traces.startSpan("GET").use { Traces.startSpan("query").use { WithSpanstream.rename() } }

            sink.only("GET /orders/{id}").sentAttributes shouldContain ("order.kind" to "express")
            sink.only("query").sentAttributes shouldNotContainKey "order.kind"
        }

        test("a message goes on with the trace of its sender, and a request takes it along") {
            start()
            val message =
                Message(
                    "",
                    mapOf(
                        "Sentry-Trace" to "$TRACE_ID-00f067aa0ba902b7-1",
                        "Baggage" to "sentry-trace_id=$TRACE_ID",
                    ),
                )
            migrated.receive(message)
            FromOpenTelemetry(shop).receive(message)
            sink.named("handle message").map { it.traceId to it.parentSpanId } shouldBe
                List(2) { TRACE_ID to "00f067aa0ba902b7" }

            Traces.continueTrace(message.headers())
            migrated.call(URI("http://stock.example/"))
            val headers = shop.sent.single().headers()
            headers.firstValue("sentry-trace").get().take(TRACE_ID.length) shouldBe TRACE_ID
            headers.firstValue("baggage").get() shouldBe "sentry-trace_id=$TRACE_ID"
        }

        test("an error that Sentry Java reports has the ids of the active span") {
            start()
            var reported: SentryEvent? = null
            Sentry.init { options ->
                options.dsn = "http://key@127.0.0.1:9/1"
                Errors.link(options)
                val link = options.beforeSend!!
                options.setBeforeSend { event, hint ->
                    reported = link.execute(event, hint)
                    null // nothing leaves the test
                }
            }
            Traces.startSpan("check out").use { Sentry.captureException(IllegalStateException("sold out")) }
            Sentry.close()

            val trace = reported!!.contexts.trace!!
            trace.traceId.toString() shouldBe sink.only("check out").traceId
            trace.spanId.toString() shouldBe sink.only("check out").spanId
        }
    })

private val CART = Cart(3, 13.8)
private const val TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"

/** Starts a span for what it does. */
private class TracedShop : Shop {
    val sent = mutableListOf<HttpRequest>()

    override fun reserve(cart: Cart) = Traces.startSpan("reserve").close()

    override fun charge(cart: Cart) = Traces.startSpan("charge").close()

    override fun handle(message: Message) = Unit

    override fun importPrices() = Unit

    override fun send(request: HttpRequest) {
        sent += request
    }
}

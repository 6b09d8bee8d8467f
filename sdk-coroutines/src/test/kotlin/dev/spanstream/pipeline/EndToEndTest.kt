package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.samples.inbox.Inbox
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.time.Duration

/** The whole way, over a real socket, into a receiver that rejects what Sentry would reject. */
class EndToEndTest : StringSpec({
    "A tracer with nothing but a DSN has its spans accepted by the receiver" {
        Inbox.start().use { inbox ->
            val tracer = Tracer.create { options ->
                options.dsn = inbox.dsn
                options.tracesSampleRate = 1.0
            }
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
})

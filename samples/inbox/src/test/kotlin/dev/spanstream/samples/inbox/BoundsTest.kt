package dev.spanstream.samples.inbox

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class BoundsTest : StringSpec({
    fun traceId(number: Int) = number.toString(16).padStart(32, '0')

    fun Lab.sendTrace(trace: Int, vararg spans: Int) {
        val id = "\"${traceId(trace)}\""
        send(
            *spans.map { numbered(it, "trace_id" to id) }.toTypedArray(),
            trace = DSC.replace(TRACE, traceId(trace)),
        )
    }

    "above the number of traces the one that was quiet for longest goes" {
        Lab.run({ maxTraces = 2 }) {
            sendTrace(1, 1)
            sendTrace(2, 2)
            sendTrace(1, 3)
            sendTrace(3, 4)
            inbox.traces().map { it.traceId } shouldContainExactly listOf(traceId(1), traceId(3))
            inbox.trace(traceId(2)) shouldBe null
            inbox.acceptedSpanCount() shouldBe 4
        }
    }

    "above the number of spans whole traces go first, then the oldest spans of the last trace" {
        Lab.run({ maxSpans = 3 }) {
            sendTrace(1, 1)
            sendTrace(2, 2, 3, 4)
            inbox.traces().map { it.traceId } shouldContainExactly listOf(traceId(2))
            sendTrace(2, 5)
            inbox
                .traces()
                .single()
                .spans
                .map { it.spanId } shouldContainExactly listOf(id(3), id(4), id(5))
        }
    }

    "above the number of bytes traces go" {
        Lab.run({ maxSpanBytes = 1_000 }) {
            repeat(20) { sendTrace(it + 1, it + 1) }
            inbox.traces().size shouldBeLessThanOrEqual 3
            inbox.traces().last().traceId shouldBe traceId(20)
        }
    }

    "the log of requests is bounded in number and bytes" {
        Lab.run({ maxEnvelopes = 3 }) {
            repeat(5) { post("{\"n\":$it}\n") }
            inbox.envelopes().map { it.header["n"].toString() } shouldContainExactly listOf("2", "3", "4")
        }
        Lab.run({ maxEnvelopeLogBytes = 1_000 }) {
            // Nothing but header: 8 bytes are counted as 256.
            repeat(5) { post("{\"n\":$it}\n") }
            inbox.envelopes() shouldHaveSize 3
        }
    }

    "rejections and warnings are bounded, and a broken container of any size is a few of them" {
        Lab.run({ maxFindings = 10 }) {
            send(*Array(3_000) { numbered(it + 1, "name" to null) })
            inbox.rejections() shouldHaveSize 10
            inbox.rejections().last().quantity shouldBe 2_000
        }
    }

    "what is shown of a long value is short and has no control characters" {
        Lab.run {
            send(span("name" to "[\"\\u001b${"x".repeat(10_000)}\"]"), span("span_id" to "\"\\u001b[31m\""))
            inbox.rejections().forEach { it.detail.length shouldBeLessThan 300 }
            inbox.rejections().joinToString().any(Char::isISOControl) shouldBe false
        }
    }

    "clear forgets everything" {
        Lab.run {
            send(numbered(1), numbered(2, "name" to null), numbered(3, "extra" to "1"))
            post(
                "{}\n" +
                    item(
                        """{"discarded_events":[{"reason":"a","category":"span","quantity":1}]}""",
                        null,
                        null,
                        "client_report",
                    ),
            )
            inbox.acceptedSpanCount() shouldBeGreaterThan 0
            inbox.clear()
            inbox.traces().shouldBeEmpty()
            inbox.envelopes().shouldBeEmpty()
            inbox.rejections().shouldBeEmpty()
            inbox.warnings().shouldBeEmpty()
            inbox.discarded().shouldBeEmpty()
            inbox.acceptedSpanCount() shouldBe 0
        }
    }

    "a limit of nothing is a mistake of the caller" {
        shouldThrow<IllegalArgumentException> { Inbox.start { maxTraces = 0 } }.message.orEmpty() shouldContain
            "maxTraces"
    }
})

package dev.spanstream.envelope

import dev.spanstream.BeforeSendSpan
import dev.spanstream.SpanLink
import dev.spanstream.SpanStatus
import dev.spanstream.Tracer
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.InMemorySpanSink
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThan
import kotlin.random.Random

private val encoder = SpanEncoder { throw it }

private fun encodedBytes(span: FinishedSpan) =
    // With one comma, as in the midst of others.
    encoder.encode(listOf(span, span)).length.toLong() - encoder.encode(listOf(span)).length

class EstimatedBytesTest : StringSpec({
    "A span of plain texts is guessed too small" {
        val random = Random(7)
        val characters = listOf("a", " ", "/", "~", "0", "word")

        fun text() = List(random.nextInt(12)) { characters.random(random) }.joinToString("")

        fun number() = listOf(
            Long.MIN_VALUE,
            0L,
            -Double.MAX_VALUE,
            -Double.MIN_VALUE,
            1.0E-5,
            true,
            false,
        ).random(random)

        fun value(): Any = listOf(
            text(),
            number(),
            List(random.nextInt(4)) { text() },
            List(3) { number() },
        ).random(random)

        repeat(300) {
            val span = FakeSpan(
                FakeTree(name = text()),
                parent = random.nextLong(),
                name = text(),
                status = SpanStatus.ERROR,
                start = Long.MIN_VALUE,
                end = Long.MIN_VALUE + random.nextInt(2),
                own = List(random.nextInt(6)) { text() to value() }.toMap(),
                links = List(random.nextInt(3)) {
                    SpanLink("1".repeat(32), "1".repeat(16), false, mapOf("k" to text()))
                },
            )
            span.estimatedBytes shouldBeGreaterThanOrEqual encodedBytes(span)
        }
    }

    "An ordinary span is guessed so large that envelopes go half empty" {
        val span = FakeSpan(parent = 9, own = (1..12).associate { "some.attribute.$it" to "some value $it" })

        span.estimatedBytes shouldBeLessThan encodedBytes(span) * 5 / 4
    }

    "A span of a tracer is guessed too small, or so large that envelopes go half empty" {
        for (edit in listOf(null, BeforeSendSpan { it.setAttribute("edited", true) })) {
            val sink = InMemorySpanSink()
            val tracer = Tracer.create {
                it.setSink(sink)
                it.tracesSampleRate = 1.0
                it.beforeSendSpan = edit
            }
            tracer.startSpan("request").use { request ->
                request.setAttribute("list", listOf("a", "b"))
                tracer.startSpan("step").use { step ->
                    step.setAttribute("number", 1).setAttribute("number", 22).setAttribute("gone", "x".repeat(1_000))
                    step.removeAttribute("gone").setAttribute("truth", true).setAttribute("text", "y".repeat(100))
                }
            }
            for (span in sink.spans()) {
                val encoded = encodedBytes(span)
                span.estimatedBytes shouldBeGreaterThanOrEqual encoded
                span.estimatedBytes shouldBeLessThan encoded * 5 / 4
            }
        }
    }
})

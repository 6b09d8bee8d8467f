package dev.spanstream.envelope

import dev.spanstream.SpanLink
import dev.spanstream.SpanStatus
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThan
import kotlin.random.Random

private val encoder = SpanEncoder { throw it }

private fun encodedBytes(span: FakeSpan) =
    // With one comma, as in the midst of others.
    encoder.encode(listOf(span, span)).length.toLong() - encoder.encode(listOf(span)).length

class EncodedSizeTest : StringSpec({
    "A span is guessed too small" {
        val random = Random(7)
        val characters = listOf("a", "\"", "\\", "\n", "\u0001", "\u007f", "ß", "\u0800", "€", "𝄞", "\ud800", "\u2028")

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
            EncodedSize.of(span) shouldBeGreaterThanOrEqual encodedBytes(span)
        }
    }

    "An ordinary span is guessed so large that envelopes go half empty" {
        val span = FakeSpan(parent = 9, own = (1..12).associate { "some.attribute.$it" to "some value $it" })

        EncodedSize.of(span) shouldBeLessThan encodedBytes(span) * 5 / 4
    }
})

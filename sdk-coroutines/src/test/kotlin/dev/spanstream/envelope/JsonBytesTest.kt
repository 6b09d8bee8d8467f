package dev.spanstream.envelope

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.choice
import io.kotest.property.arbitrary.codepoints
import io.kotest.property.arbitrary.double
import io.kotest.property.arbitrary.filter
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import java.io.ByteArrayOutputStream

private fun written(write: JsonBytes.() -> Unit): String =
    JsonBytes(capacity = 0).run {
        write()
        array().decodeToString(0, size)
    }

private val anything = Arb.choice(Arb.string(0..80), Arb.string(0..80, Arb.codepoints()))

class JsonBytesTest : StringSpec({
    mapOf(
        0L to "0.000000",
        1L to "0.000001",
        999_999L to "0.999999",
        1_000_000L to "1.000000",
        1_790_000_000_130_112L to "1790000000.130112",
        // Doubles have no room for these digits.
        99_999_999_999_123_457L to "99999999999.123457",
        Long.MAX_VALUE to "9223372036854.775807",
        -1L to "-0.000001",
        -1_500_000L to "-1.500000",
        Long.MIN_VALUE to "-9223372036854.775808",
    ).forEach { (micros, text) ->
        "$micros microseconds are not printed as $text" { written { seconds(micros) } shouldBe text }
    }

    "A text is not written as the serialization library writes it" {
        val ascii = (0..0x7f).joinToString("") { it.toChar().toString() }
        written { text(ascii) } shouldBe Json.encodeToString(ascii)
        checkAll(anything) { text -> written { text(text) } shouldBe utf8(Json.encodeToString(text)) }
    }

    "Half a surrogate pair is not a question mark" {
        for (half in listOf("\ud834", "a\ud834", "\ud834b", "\udd1e", "\udd1e\ud834")) {
            written { text(half) } shouldBe Json.encodeToString(half.replace(Regex("[\\ud800-\\udfff]"), "?"))
        }
    }

    "A number is not written as it is" {
        val powersOfTen = generateSequence(1L) { it * 10 }.take(19)
        for (value in powersOfTen.flatMap { listOf(it - 1, it, -it, 1 - it) } + Long.MAX_VALUE + Long.MIN_VALUE) {
            written { number(value) } shouldBe "$value"
        }
        checkAll(Arb.long()) { value -> written { number(value) } shouldBe "$value" }
        checkAll(Arb.double().filter(Double::isFinite)) { value ->
            written { number(value) } shouldBe "${JsonPrimitive(value)}"
        }
    }

    "An id is not written with all of its digits" {
        written { id(0xab) } shouldBe "\"00000000000000ab\""
        checkAll(Arb.long(), Arb.long()) { high, low ->
            written { id(high, low) } shouldBe "\"%016x%016x\"".format(high, low)
        }
    }

    "What is taken back, or written at the end of the buffer, spoils what is beside it" {
        checkAll(anything, anything) { kept, forgotten ->
            written {
                text(kept)
                val before = size
                text(forgotten)
                truncate(before)
                text(kept)
            } shouldBe utf8(Json.encodeToString(kept)).repeat(2)
        }
    }
})

/** Through bytes and back, in which half a surrogate pair becomes a question mark. */
private fun utf8(text: String): String =
    ByteArrayOutputStream().also { it.writer().use { out -> out.write(text) } }.toString(Charsets.UTF_8)

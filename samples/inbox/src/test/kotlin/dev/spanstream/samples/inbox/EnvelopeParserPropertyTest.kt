package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.byte
import io.kotest.property.arbitrary.byteArray
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.map
import io.kotest.property.checkAll
import java.time.Clock

/** The parser alone, because only so thousands of inputs are quick. */
class EnvelopeParserPropertyTest : StringSpec({
    val envelope = (header() + item(container(span())) + item("{}", null, null, "client_report")).encodeToByteArray()

    /** Whether the bytes are an envelope; anything but the parser's own refusal fails the test. */
    fun isEnvelope(bytes: ByteArray): Boolean =
        try {
            val parsed = EnvelopeParser.parse(bytes)
            EnvelopeJudge(Clock.systemUTC()).judge(parsed)
            true
        } catch (refusal: Refusal) {
            refusal.answer.status shouldBe 400
            false
        }

    "any bytes are an envelope or a refusal" {
        checkAll(2_000, Arb.byteArray(Arb.int(0, 200), Arb.byte())) { isEnvelope(it) }
    }

    "any sequence of an envelope's pieces is an envelope or a refusal" {
        val pieces = listOf(
            "{}",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "\r",
            ":",
            ",",
            "\"",
            "\\",
            "\\u",
            "D83D",
            "type",
            "\"type\"",
            "\"length\"",
            "\"span\"",
            "\"items\"",
            "0",
            "-",
            "1e9",
            "999999999999",
            "null",
            "true",
            " ",
            "é",
            "😀",
            CONTAINER_TYPE,
        )
        val texts = Arb.list(Arb.element(pieces), 0..40).map { it.joinToString("").encodeToByteArray() }
        checkAll(5_000, texts) { isEnvelope(it) }
    }

    "an envelope with one byte changed is an envelope or a refusal" {
        checkAll(5_000, Arb.int(envelope.indices), Arb.byte()) { at, byte ->
            isEnvelope(envelope.copyOf().also { it[at] = byte })
        }
    }

    "an envelope that is cut anywhere is an envelope or a refusal, and the whole is one" {
        envelope.indices.forEach { isEnvelope(envelope.copyOf(it)) }
        isEnvelope(envelope) shouldBe true
    }

    "payloads of any bytes come out as they went in, if their length is given" {
        checkAll(500, Arb.list(Arb.byteArray(Arb.int(0, 50), Arb.byte()), 0..5)) { payloads ->
            val bytes = payloads.fold("{}\n".encodeToByteArray()) { all, payload ->
                all + "{\"type\":\"x\",\"length\":${payload.size}}\n".encodeToByteArray() + payload + '\n'.code.toByte()
            }
            EnvelopeParser.parse(bytes).items.map { it.payload.toList() } shouldBe payloads.map { it.toList() }
        }
    }
})

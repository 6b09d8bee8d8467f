package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.maps.shouldContain
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.milliseconds

/** The facts of Relay's own integration tests for span v2. */
class RelayCasesTest : StringSpec({
    "a segment with attributes of every type is accepted, and the two that lie about their type are left out" {
        Lab.run {
            send(
                span(
                    attributes(
                        "foo" to """{"type":"string","value":"ბარ"}""",
                        "array" to """{"type":"array","value":["foo","bar"]}""",
                        "max" to """{"type":"integer","value":9223372036854775807}""",
                        "beyond" to """{"type":"integer","value":9223372036854775808}""",
                        "liar" to """{"type":"string","value":true}""",
                        "http.response_content_length" to """{"value":17,"type":"integer"}""",
                    ),
                ),
            )
            val span = inbox.awaitSpans(1).single()
            span.name shouldBe "some op"
            span.isSegment shouldBe true
            span.duration shouldBe 500.milliseconds
            span.startMicros shouldBe (NOW_MICROS - 1_000_000 + 1)
            span.attributes.shouldContain("array" to listOf("foo", "bar"))
            span.attributes.shouldContain("max" to Long.MAX_VALUE)
            (span.attributes.keys intersect setOf("beyond", "liar")).shouldBeEmpty()
            inbox.warnings().filter { "invalid_data" in it } shouldHaveSize 2
            inbox.rejections().shouldBeEmpty()
        }
    }

    "two containers in one envelope cost all their spans" {
        Lab.run {
            val first = item(container(numbered(1)), 1)
            val second = item(container(numbered(2), numbered(3)), 2)
            post(header() + first + second).statusCode() shouldBe 200
            inbox.traces().shouldBeEmpty()
            inbox.rejections().map { it.reason to it.quantity } shouldContainExactly listOf("duplicate_item" to 3L)
        }
    }

    "an envelope without a sampling context loses all spans" {
        Lab.run {
            send(numbered(1), numbered(2), trace = "null")
            inbox.rejections().map { it.reason to it.quantity } shouldContainExactly listOf("missing_dsc" to 2L)
        }
    }

    "one span of another trace costs the whole envelope" {
        Lab.run {
            send(numbered(1), numbered(2, "trace_id" to "\"${"a".repeat(32)}\""))
            inbox.traces().shouldBeEmpty()
            val rejection = inbox.rejections().single()
            rejection.reason shouldBe "invalid_dsc"
            rejection.quantity shouldBe 2
            rejection.spanId shouldBe id(2)
        }
    }

    "of thirteen spans with a broken required field and a good one, the good one survives" {
        Lab.run {
            val required = listOf("span_id", "name", "status", "start_timestamp", "end_timestamp")
            val broken = required.flatMap { field ->
                val values = listOfNotNull(null, "null", "\"\"".takeUnless { field == "name" || field == "status" })
                (listOf<String?>(null) + values).map { field to it }
            }
            send(*broken.mapIndexed { i, change -> numbered(i + 1, change) }.toTypedArray(), numbered(99))
            inbox.awaitSpans(1).single().spanId shouldBe id(99)
            inbox.rejections().groupingBy { it.reason }.eachCount() shouldBe
                mapOf("invalid_span" to 3, "no_data" to 4, "timestamp" to 6)
        }
    }

    "a span of two days in the future is accepted with the times that were sent" {
        Lab.run {
            val start = Lab.NOW.epochSecond + 2 * 86_400
            send(span("start_timestamp" to "$start", "end_timestamp" to "$start.5"))
            inbox.awaitSpans(1).single().startMicros shouldBe start * 1_000_000
            inbox.warnings().filter { "in the future" in it }.shouldNotBeEmpty()
        }
    }
})

private val NOW_MICROS = Lab.NOW.epochSecond * 1_000_000

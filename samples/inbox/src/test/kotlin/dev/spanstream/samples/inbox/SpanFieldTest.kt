package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class SpanFieldTest : StringSpec({
    fun segmentId(json: String) = "{\"sentry.segment.id\":$json}"

    val lost = listOf(
        Triple(
            "span_id",
            listOf(null, "null", "\"\"", "1", "\"${"0".repeat(16)}\"", "\"abc\"", "\"${"g".repeat(16)}\""),
            "invalid_span",
        ),
        Triple("name", listOf(null, "null", "1", "[]"), "no_data"),
        Triple("status", listOf(null, "null", "true"), "no_data"),
        Triple("start_timestamp", listOf(null, "null", "\"\"", "true", "253402300800", "\"noon\""), "timestamp"),
        Triple("end_timestamp", listOf(null, "null", "\"\"", "{}", "1e300", "\"2026-02-30T00:00:00Z\""), "timestamp"),
        Triple(
            "attributes",
            listOf(segmentId("""{"type":"string","value":""}"""), segmentId("""{"type":"string","value":"x"}""")),
            "invalid_span",
        ),
    )
    lost.forEach { (field, values, reason) ->
        values.forEach { value ->
            "a span with $field $value is lost, the next one is not: $reason" {
                Lab.run {
                    send(numbered(1, field to value), numbered(2))
                    inbox.awaitSpans(1).single().spanId shouldBe id(2)
                    val rejection = inbox.rejections().single()
                    rejection.reason shouldBe reason
                    rejection.field shouldBe (if (field == "attributes") "sentry.segment.id" else field)
                    rejection.traceId shouldBe TRACE
                }
            }
        }
    }

    val kept = mapOf(
        "name" to listOf("\"\"", "\"${"n".repeat(5_000)}\""),
        "status" to listOf("\"\"", "\"unset\""),
        "is_segment" to listOf(null, "null", "false"),
        "parent_span_id" to listOf(null, "null", "\"${id(7)}\""),
        "links" to listOf("null", "[]"),
        "attributes" to listOf(null, "null", "{}"),
        "kind" to listOf("\"server\"", "{}"),
    )
    kept.forEach { (field, values) ->
        values.forEach { value ->
            "a span with $field ${value?.take(20)} is kept" {
                Lab.run {
                    send(span(field to value))
                    inbox.acceptedSpanCount() shouldBe 1
                    inbox.rejections().shouldBeEmpty()
                }
            }
        }
    }

    listOf("\"\"", "1", "\"abc\"", "\"${"0".repeat(16)}\"").forEach { value ->
        "parent_span_id $value becomes null and the span is kept" {
            Lab.run {
                send(span("parent_span_id" to value))
                inbox.awaitSpans(1).single().parentSpanId shouldBe null
                inbox.warnings().single() shouldContain "parent_span_id is invalid"
            }
        }
    }

    "is_segment that is no boolean becomes null and the span is kept" {
        Lab.run {
            send(span("is_segment" to "\"true\""))
            inbox.awaitSpans(1).single().isSegment shouldBe false
            inbox.warnings().single() shouldContain "is_segment is invalid"
        }
    }

    "a span shows its parent, status, and the JSON that was sent" {
        Lab.run {
            send(span("parent_span_id" to "\"${id(7)}\"", "status" to "\"error\"", "extra" to "[1]"))
            val span = inbox.awaitSpans(1).single()
            span.parentSpanId shouldBe id(7)
            span.status shouldBe "error"
            span.json["extra"].toString() shouldBe "[1]"
        }
    }

    "links are read, and a bad one is dropped alone" {
        val other = id(9)
        val linkType = """"sentry.link.type":{"type":"string","value":"previous_trace"}"""
        val good = """{"trace_id":"$TRACE","span_id":"$other","sampled":true,"attributes":{$linkType}}"""
        val bad =
            listOf(
                """{"trace_id":"$TRACE"}""",
                """{"span_id":"$other"}""",
                "null",
                "1",
                """{"trace_id":"x","span_id":"$other"}""",
            )
        Lab.run {
            send(span("links" to (bad + good).joinToString(",", "[", "]")))
            val link = inbox
                .awaitSpans(1)
                .single()
                .links
                .single()
            link.traceId shouldBe TRACE
            link.spanId shouldBe other
            link.sampled shouldBe true
            link.attributes shouldBe mapOf("sentry.link.type" to "previous_trace")
            inbox.warnings().filter { "a link becomes null" in it } shouldHaveSize bad.size
        }
    }

    "links that are no array and attributes that are no object become null" {
        Lab.run {
            send(span("links" to "{}", "attributes" to "[]"))
            inbox
                .awaitSpans(1)
                .single()
                .links
                .shouldBeEmpty()
            inbox.warnings().filter { "Relay sets it to null" in it } shouldHaveSize 2
        }
    }
})

package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe

class SdkAdviceTest : StringSpec({
    val text = """{"type":"string","value":"x"}"""

    fun shouldWarn(name: String, span: String, vararg warnings: String) {
        name {
            Lab.run {
                send(span)
                inbox.acceptedSpanCount() shouldBe 1
                inbox.warnings() shouldContainExactly warnings.map { "span $SPAN: $it" }
            }
        }
    }

    shouldWarn("a span as the specification wants it gives no warning", span())

    "the attributes that every span needs are missed" {
        Lab.run {
            send(span("attributes" to null))
            inbox.warnings() shouldContainExactlyInAnyOrder
                listOf("sentry.segment.id", "sentry.segment.name", "sentry.trace_lifecycle")
                    .map { "span $SPAN: attribute '$it' is missing" }
        }
    }

    shouldWarn(
        "the source of the segment's name on a child",
        span("is_segment" to "false", attributes("sentry.segment.name.source" to text)),
        "attribute 'sentry.segment.name.source' belongs on service spans only",
    )

    "the source of the segment's name belongs on the segment" {
        Lab.run {
            send(span(attributes("sentry.segment.name.source" to text)))
            inbox.warnings().shouldBeEmpty()
        }
    }

    mapOf(
        "http.method" to "http.request.method",
        "sentry.browser.name" to "browser.name",
        "net.peer.port" to "server.port",
        "release" to "sentry.release",
        "otel.kind" to "sentry.kind",
    ).forEach { (old, new) ->
        shouldWarn(
            "the deprecated attribute $old",
            span(attributes(old to text)),
            "attribute '$old' is deprecated, use '$new'",
        )
    }

    listOf("sentry.dsc.trace_id", "sentry.server_sample_rate").forEach { name ->
        shouldWarn(
            "Relay's own attribute $name",
            span(attributes(name to text)),
            "attribute '$name' is set by Relay only",
        )
    }

    shouldWarn("a field of another format", span("op" to "\"db\""), "field 'op' is not part of a span")
    shouldWarn("an unknown status", span("status" to "\"unset\""), "status is neither ok nor error: \"unset\"")
    shouldWarn("a missing is_segment", span("is_segment" to null), "is_segment is missing")
    shouldWarn(
        "a time as text",
        span("end_timestamp" to "\"2026-11-21T12:00:00Z\""),
        "end_timestamp is text, not a number",
    )
    shouldWarn(
        "an id in upper case",
        span("parent_span_id" to "\"ABCDEF0123456789\""),
        "parent_span_id is not in lower-case hex digits: ABCDEF0123456789",
    )
})

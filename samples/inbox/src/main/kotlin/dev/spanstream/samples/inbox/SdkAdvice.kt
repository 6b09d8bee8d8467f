package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject

/** What Sentry's SDK specification demands of a span though Relay lets it pass. Only warns. */
internal object SdkAdvice {
    private val REQUIRED = listOf("sentry.segment.id", "sentry.segment.name", "sentry.trace_lifecycle")
    private val FIELDS = setOf(
        "trace_id",
        "span_id",
        "parent_span_id",
        "name",
        "status",
        "is_segment",
        "start_timestamp",
        "end_timestamp",
        "attributes",
        "links",
    )
    private val TIMES = listOf("start_timestamp", "end_timestamp")
    private val STATUSES = setOf("ok", "error")
    private const val SEGMENT_SOURCE = "sentry.segment.name.source"

    fun check(span: JsonObject, where: String, findings: Findings) {
        checkFields(span, where, findings)
        val attributes = span["attributes"] as? JsonObject ?: JsonObject(emptyMap())
        REQUIRED.filter { it !in attributes }.forEach { findings.warn("$where: attribute '$it' is missing") }
        if (SEGMENT_SOURCE in attributes && span["is_segment"].trueOrFalse != true) {
            findings.warn("$where: attribute '$SEGMENT_SOURCE' belongs on service spans only")
        }
        for (key in attributes.keys) {
            AttributeNames.successorOf(key)?.let { findings.warn("$where: attribute '$key' is deprecated, use '$it'") }
            if (AttributeNames.isOwnedByRelay(key)) findings.warn("$where: attribute '$key' is set by Relay only")
        }
    }

    private fun checkFields(span: JsonObject, where: String, findings: Findings) {
        (span.keys - FIELDS).forEach { findings.warn("$where: field '${it.printable()}' is not part of a span") }
        if (span["status"].stringOrNull !in STATUSES) {
            findings.warn("$where: status is neither ok nor error: ${span["status"].toString().printable()}")
        }
        if ("is_segment" !in span) findings.warn("$where: is_segment is missing")
        TIMES.filter { span[it].stringOrNull != null }.forEach { findings.warn("$where: $it is text, not a number") }
        listOf("trace_id", "span_id", "parent_span_id").forEach { field ->
            val id = span[field].stringOrNull
            if (id != null && id.any { it !in "0123456789abcdef" }) {
                findings.warn("$where: $field is not in lower-case hex digits: ${id.printable()}")
            }
        }
    }
}

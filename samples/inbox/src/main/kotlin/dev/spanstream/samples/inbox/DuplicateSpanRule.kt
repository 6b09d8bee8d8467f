package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject

/** Of several spans with one id in a container Relay keeps the last. */
internal object DuplicateSpanRule {
    fun keepLast(spans: List<JsonObject>, findings: Findings): List<JsonObject> {
        val seen = HashSet<String>()
        val kept = spans.asReversed().filter { span ->
            val id = Ids.spanId(span["span_id"].stringOrNull)
            val isLast = id == null || seen.add(id)
            if (!isLast) findings.reject(duplicate(span, id))
            isLast
        }
        return kept.asReversed()
    }

    private fun duplicate(span: JsonObject, id: String?) = Rejection(
        reason = "duplicate",
        category = "span",
        quantity = 1,
        detail = "a later span of the container has the same id",
        field = "span_id",
        traceId = Ids.traceId(span["trace_id"].stringOrNull),
        spanId = id,
    )
}

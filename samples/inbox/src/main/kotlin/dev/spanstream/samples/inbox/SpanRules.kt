package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** One span of a container: what it must have, what may be missing, and what Relay reads out of it. */
internal class SpanRules(
    private val context: JsonObject,
    private val times: TimeRules,
    private val findings: Findings,
) {
    /** The span as Relay would keep it, or null if it is rejected. */
    fun judge(json: JsonObject): ReceivedSpan? {
        val where = "span ${json["span_id"].toString().trim('"').printable()}"
        val start = Timestamps.micros(json["start_timestamp"]) ?: return wrongTime(json, "start_timestamp")
        val end = Timestamps.micros(json["end_timestamp"]) ?: return wrongTime(json, "end_timestamp")
        times.problem(start, end, where)?.let { return reject("timestamp", it, "start_timestamp", json) }
        val id = Ids.spanId(json["span_id"].stringOrNull) ?: return wrongId(json, "span_id", json["span_id"])
        wrongSegmentId(json)?.let { return wrongId(json, SEGMENT_ID, it) }
        val name = json["name"].stringOrNull ?: return noData(json, "name")
        val status = json["status"].stringOrNull ?: return noData(json, "status")
        SdkAdvice.check(json, where, findings)
        return ReceivedSpan(
            traceId = Ids.traceId(json["trace_id"].stringOrNull).orEmpty(),
            spanId = id,
            parentSpanId = orNull(json, "parent_span_id", where) { Ids.spanId(it.stringOrNull) },
            name = name,
            status = status,
            isSegment = orNull(json, "is_segment", where) { it.trueOrFalse } ?: false,
            startMicros = start,
            endMicros = end,
            attributes = AttributeRules.plain(json["attributes"], where, findings),
            links = LinkRules.links(json["links"], where, findings),
            dynamicSamplingContext = context,
            json = json,
        )
    }

    /** The value of `sentry.segment.id` if it is there and no span id. */
    private fun wrongSegmentId(json: JsonObject): JsonElement? {
        val attribute = (json["attributes"] as? JsonObject)?.get(SEGMENT_ID) as? JsonObject ?: return null
        return attribute["value"]?.takeIf { !it.isAbsent && Ids.spanId(it.stringOrNull) == null }
    }

    private fun <T> orNull(json: JsonObject, field: String, where: String, read: (JsonElement) -> T?): T? {
        val value = json[field]?.takeUnless { it.isAbsent } ?: return null
        return read(value).also {
            if (it == null) findings.warn("$where: $field is invalid, Relay sets it to null: ${shown(value)}")
        }
    }

    private fun wrongTime(json: JsonObject, field: String) =
        reject("timestamp", "$field is no point in time: ${shown(json[field])}", field, json)

    private fun wrongId(json: JsonObject, field: String, value: JsonElement?) =
        reject("invalid_span", "$field is not 16 hex digits: ${shown(value)}", field, json)

    private fun noData(json: JsonObject, field: String) =
        reject("no_data", "$field is not a string: ${shown(json[field])}", field, json)

    private fun reject(reason: String, detail: String, field: String, json: JsonObject): Nothing? {
        val traceId = Ids.traceId(json["trace_id"].stringOrNull)
        val spanId = Ids.spanId(json["span_id"].stringOrNull)
        findings.reject(Rejection(reason, "span", 1, detail, field, traceId, spanId))
        return null
    }

    private fun shown(value: JsonElement?) = value?.toString()?.printable() ?: "missing"

    private companion object {
        const val SEGMENT_ID = "sentry.segment.id"
    }
}

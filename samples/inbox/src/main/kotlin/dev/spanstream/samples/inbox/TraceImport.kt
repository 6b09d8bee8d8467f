package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.time.Clock
import java.time.Instant

/**
 * Puts a [TraceExport] back in the place of what is kept of the trace. Every span is judged as if it arrived when it
 * first did, so an old trace is not too old, and a file that somebody wrote by hand is no way around the rules.
 */
internal class TraceImport(
    private val store: TraceStore,
) {
    private val judge = EnvelopeJudge(Clock.systemUTC())

    /** @throws Refusal 400 if this is no such file, or none of its spans is accepted */
    fun take(file: ByteArray): JsonObject {
        val json = try {
            StrictJson(file).read().value as? JsonObject
        } catch (e: NotJson) {
            throw refusal("${e.message}", e)
        }
        if (json == null || json["format"].stringOrNull != TraceExport.FORMAT) throw refusal("it has another format")
        if (json["version"].unsignedOrNull(MAX_U16) != TraceExport.VERSION) throw refusal("it has another version")
        val traceId = Ids.traceId(json["trace_id"].stringOrNull) ?: throw refusal("trace_id is no trace id")
        val batches = (json["batches"] as? JsonArray).orEmpty().map { batch(it as? JsonObject, traceId) }
        val spans = batches.sumOf { it.second.spans.size }
        val lost = batches.flatMap { it.second.rejections }
        if (spans == 0) throw refusal(lost.firstOrNull()?.toString() ?: "there are no spans")
        store.replace(traceId, batches)
        return buildJsonObject {
            put("trace", traceId)
            put("spans", spans)
            put("lost", lost.sumOf { it.quantity })
        }
    }

    private fun batch(json: JsonObject?, traceId: String): Pair<Instant, Verdict> {
        val receivedAt = json?.get("received_at").stringOrNull?.let(Timestamps::rfc3339)
        val items = json?.get("items") as? JsonArray
        if (json == null || receivedAt == null || items == null) throw refusal("a batch lacks received_at or items")
        val context = json["trace"] as? JsonObject
        if (Ids.traceId(context?.get("trace_id").stringOrNull) != traceId) throw refusal("a batch is of another trace")
        val payload = buildJsonObject {
            put("version", 2)
            put("items", items)
        }.toString().encodeToByteArray()
        val header = buildJsonObject {
            put("type", "span")
            put("content_type", SpanItemRules.CONTENT_TYPE)
            put("item_count", items.size)
        }
        val item = ReceivedItem(header, payload, 0, payload.size)
        val envelope = ParsedEnvelope(JsonObject(mapOf("trace" to context!!)), null, null, null, listOf(item), listOf())
        return receivedAt to judge.judge(envelope, receivedAt)
    }

    private fun refusal(problem: String, cause: Throwable? = null) =
        Refusal.of(400, "this is no exported trace: $problem", cause)
}

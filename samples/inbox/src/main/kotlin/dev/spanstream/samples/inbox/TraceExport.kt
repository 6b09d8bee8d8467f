package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/**
 * A trace as a file:
 *
 * ```
 * {"format": "spanstream-trace", "version": 1, "trace_id": "…",
 *  "batches": [{"received_at": "…", "trace": {…}, "items": [{…}, …]}, …]}
 * ```
 *
 * A batch is what an envelope is made of: its `trace` header and its spans, both as they were sent.
 */
internal object TraceExport {
    const val FORMAT: String = "spanstream-trace"
    const val VERSION: Long = 1

    /** An envelope should not have more, and what is read back is held to that. */
    private const val MAX_BATCH = 1_000

    fun of(traceId: String, spans: List<KeptSpan>): JsonObject = buildJsonObject {
        put("format", FORMAT)
        put("version", VERSION)
        put("trace_id", traceId)
        putJsonArray("batches") {
            spans
                .groupBy { it.receivedAt to it.span.dynamicSamplingContext }
                .flatMap { (origin, batch) -> batch.chunked(MAX_BATCH).map { origin to it } }
                .forEach { (origin, batch) ->
                    addJsonObject {
                        put("received_at", origin.first.toString())
                        put("trace", origin.second)
                        put("items", JsonArray(batch.map { it.span.json }))
                    }
                }
        }
    }
}

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonArray
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.time.Clock
import java.time.Duration
import java.time.Instant

/** What the page is told about traces and losses; the spans of a trace are [RowsJson]. */
internal class PageJson(
    private val store: TraceStore,
    private val clock: Clock,
) {
    fun numbers(): JsonObject {
        val totals = store.totals()
        return buildJsonObject {
            put("arrivals", store.arrivals())
            put("accepted", totals.accepted)
            put("rejected", totals.rejected)
            put("warnings", totals.warnings)
            put("discarded", totals.discarded)
        }
    }

    /** Only the traces in [wanted], or all. */
    fun list(changes: ChangedTraces, wanted: Set<String>?): JsonObject = buildJsonObject {
        put("arrivals", changes.arrivals)
        put("floor", changes.floor)
        putJsonArray("traces") {
            changes.traces.filter { wanted == null || it.traceId in wanted }.forEach { summary(it) }
        }
    }

    fun findings(): JsonObject = buildJsonObject {
        putJsonObject("discarded") {
            store.discarded().forEach { (reason, spans) ->
                put(reason.take(MAX_NAME), spans)
            }
        }
        putJsonArray("rejections") { store.rejections().asReversed().forEach { rejection(it) } }
        putJsonArray("warnings") { store.warnings().asReversed().forEach { add(it) } }
    }

    private fun JsonArrayBuilder.summary(trace: TraceSummary) = addJsonObject {
        put("id", trace.traceId)
        put("touched", trace.touched)
        put("name", trace.name.take(MAX_NAME))
        putJsonArray("services") { trace.services.take(MAX_SERVICES).forEach { add(it.take(MAX_NAME)) } }
        put("start", trace.startMicros)
        put("end", trace.endMicros)
        put("spans", trace.spans)
        put("errors", trace.errors)
        put("late", trace.late)
        put("awaited", trace.awaited)
        put("age", age(trace.lastArrival))
    }

    private fun JsonArrayBuilder.rejection(rejection: Rejection) = addJsonArray {
        add(rejection.reason)
        add(rejection.quantity)
        add(rejection.category)
        add(rejection.detail)
        add(rejection.field)
        add(rejection.traceId)
        add(rejection.spanId)
    }

    /** How long ago, in milliseconds: the clock of whoever looks may be another one. */
    fun age(arrival: Instant): Long = Duration.between(arrival, clock.instant()).toMillis()

    private companion object {
        const val MAX_NAME = 300
        const val MAX_SERVICES = 20
    }
}

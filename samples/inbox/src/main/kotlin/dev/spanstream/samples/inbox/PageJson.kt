package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonArray
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.time.Clock
import java.time.Duration
import java.time.Instant

/** What the page is told, rows as arrays to keep twenty thousand of them small. The page's script names the columns. */
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
    fun list(changes: Changes, wanted: Set<String>?): JsonObject = buildJsonObject {
        put("arrivals", changes.arrivals)
        put("floor", changes.floor)
        putJsonArray("traces") {
            changes.traces.filter { wanted == null || it.traceId in wanted }.forEach { summary(it) }
        }
    }

    fun rows(kept: KeptSpans): JsonObject = buildJsonObject {
        put("floor", kept.floor)
        put("age", age(kept.lastArrival))
        putJsonArray("spans") { kept.spans.forEach { add(row(it)) } }
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

    private fun row(kept: KeptSpan): JsonArray = buildJsonArray {
        val span = kept.span
        add(kept.number)
        add(span.spanId)
        add(span.parentSpanId)
        add(span.segmentId)
        add(span.name.take(MAX_NAME))
        add(span.text("sentry.op")?.take(MAX_NAME))
        add(span.service.take(MAX_NAME))
        add(span.startMicros)
        add(span.endMicros - span.startMicros)
        add(flag(ERROR, span.isError) + flag(SERVICE_SPAN, span.isSegment) + flag(LATE, kept.isLate))
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

    private fun flag(bit: Int, isSet: Boolean) = if (isSet) bit else 0

    private fun age(arrival: Instant) = Duration.between(arrival, clock.instant()).toMillis()

    private companion object {
        const val MAX_NAME = 300
        const val MAX_SERVICES = 20
        const val ERROR = 1
        const val SERVICE_SPAN = 2
        const val LATE = 4
    }
}

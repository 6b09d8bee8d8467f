package dev.spanstream.samples.inbox

import java.time.Instant

/**
 * Spans by trace, up to a number of traces, spans and bytes. Above a limit the trace that was quiet for longest goes; if
 * only one is left, its oldest spans go. Not safe for use from several threads.
 */
internal class BoundedTraces(
    private val maxTraces: Int,
    private val maxSpans: Int,
    private val maxBytes: Long,
) {
    /** In the order of the last arrival. */
    private val traces = LinkedHashMap<String, KeptTrace>()
    private var spanCount = 0
    private var bytes = 0L

    /** The number of the last span that arrived. */
    var arrivals: Long = 0L
        private set

    /** Every trace that is kept was touched by this arrival or a later one, and no other trace was. */
    val floor: Long get() = traces.values.firstOrNull()?.touched ?: (arrivals + 1)

    /** Adds the spans of one envelope whose payload had [payloadBytes]. */
    fun add(spans: List<ReceivedSpan>, payloadBytes: Int, receivedAt: Instant) {
        if (spans.isEmpty()) return
        val share = payloadBytes.toLong() / spans.size
        for (span in spans) {
            arrivals++
            val trace = traces.remove(span.traceId) ?: KeptTrace(span.traceId, arrivals)
            trace.add(span, arrivals, receivedAt, share)
            traces[span.traceId] = trace
            spanCount++
            bytes += share
        }
        evict()
    }

    /** Oldest first. */
    fun traces(): List<KeptTrace> = traces.values.sorted()

    fun trace(traceId: String): KeptTrace? = traces[traceId]

    /** All spans in the order of their arrival. */
    fun spans(): List<ReceivedSpan> = traces.values
        .flatMap { it.spans }
        .sortedBy { it.number }
        .map { it.span }

    fun remove(traceId: String) {
        traces.remove(traceId)?.spans?.forEach(::forget)
    }

    fun clear() {
        traces.clear()
        spanCount = 0
        bytes = 0
    }

    private fun evict() {
        while (traces.size > 1 && isOverLimit()) remove(traces.keys.first())
        val last = traces.values.singleOrNull() ?: return
        while (last.spans.size > 1 && isOverLimit()) forget(last.removeOldest())
    }

    private fun isOverLimit() = traces.size > maxTraces || spanCount > maxSpans || bytes > maxBytes

    private fun forget(kept: KeptSpan) {
        spanCount--
        bytes -= kept.bytes
    }
}

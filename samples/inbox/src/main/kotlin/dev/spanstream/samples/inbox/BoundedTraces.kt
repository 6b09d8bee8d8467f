package dev.spanstream.samples.inbox

/**
 * Spans by trace, up to a number of traces, spans and bytes. Above a limit the trace that was quiet for longest goes; if
 * only one is left, its oldest spans go. Not safe for use from several threads.
 */
internal class BoundedTraces(
    private val maxTraces: Int,
    private val maxSpans: Int,
    private val maxBytes: Long,
) {
    private class Kept(val span: ReceivedSpan, val bytes: Long, val number: Long)

    private class Trace(val born: Long) {
        val spans = ArrayDeque<Kept>()
    }

    /** In the order of the last arrival. */
    private val traces = LinkedHashMap<String, Trace>()
    private var spanCount = 0
    private var bytes = 0L
    private var arrivals = 0L

    /** Adds the spans of one envelope whose payload had [payloadBytes]. */
    fun add(spans: List<ReceivedSpan>, payloadBytes: Int) {
        if (spans.isEmpty()) return
        val share = payloadBytes.toLong() / spans.size
        for (span in spans) {
            arrivals++
            val trace = traces.remove(span.traceId) ?: Trace(arrivals)
            trace.spans += Kept(span, share, arrivals)
            traces[span.traceId] = trace
            spanCount++
            bytes += share
        }
        evict()
    }

    /** Oldest first. */
    fun traces(): List<ReceivedTrace> =
        traces.entries.sortedBy { it.value.born }.map { ReceivedTrace(it.key, spansOf(it.value)) }

    fun trace(traceId: String): ReceivedTrace? = traces[traceId]?.let { ReceivedTrace(traceId, spansOf(it)) }

    /** All spans in the order of their arrival. */
    fun spans(): List<ReceivedSpan> = traces.values
        .flatMap { it.spans }
        .sortedBy { it.number }
        .map { it.span }

    fun clear() {
        traces.clear()
        spanCount = 0
        bytes = 0
    }

    private fun spansOf(trace: Trace) = trace.spans.map { it.span }

    private fun evict() {
        while (traces.size > 1 && isOverLimit()) {
            val quietest = traces.keys.first()
            traces.remove(quietest)?.spans?.forEach(::forget)
        }
        val last = traces.values.singleOrNull() ?: return
        while (last.spans.size > 1 && isOverLimit()) forget(last.spans.removeFirst())
    }

    private fun isOverLimit() = traces.size > maxTraces || spanCount > maxSpans || bytes > maxBytes

    private fun forget(kept: Kept) {
        spanCount--
        bytes -= kept.bytes
    }
}

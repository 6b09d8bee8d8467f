package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonObject

/**
 * A snapshot of what has arrived of one trace; it does not change any more.
 *
 * @property traceId 32 lower-case hex digits
 * @property spans all spans in the order of their arrival
 */
public class ReceivedTrace internal constructor(
    public val traceId: String,
    public val spans: List<ReceivedSpan>,
) {
    private val children by lazy { spans.filter { it.parentSpanId != null }.groupBy { it.parentSpanId } }

    /** The spans to start reading at: without a parent, or with a parent that is not here. By start. */
    public val roots: List<ReceivedSpan> by lazy {
        val ids = spans.mapTo(HashSet()) { it.spanId }
        spans.filter { it.parentSpanId == null || it.parentSpanId !in ids }.sortedBy { it.startMicros }
    }

    /** The root span of each service's part of the trace. By start. */
    public val serviceSpans: List<ReceivedSpan> get() = spans.filter { it.isSegment }.sortedBy { it.startMicros }

    /**
     * Spans whose parent should be here and is not. A service span is none of them: its parent may be in a service that
     * sends elsewhere.
     */
    public val orphans: List<ReceivedSpan> get() = roots.filter { it.parentSpanId != null && !it.isSegment }

    /** The different `trace` headers of the envelopes that brought the spans; one, if the senders agree. */
    public val dynamicSamplingContexts: List<JsonObject> get() = spans.map { it.dynamicSamplingContext }.distinct()

    /** The direct children of [span] by start. */
    public fun childrenOf(span: ReceivedSpan): List<ReceivedSpan> =
        children[span.spanId].orEmpty().sortedBy { it.startMicros }

    /** The trace as lines of text: names, durations, errors, and the service at each service span. */
    public fun tree(): String = TraceTree(this).render()

    /** The same without what differs from run to run, for tests to compare: names, errors, and the service names. */
    public fun outline(): String = TraceTree(this, isOutline = true).render()

    override fun toString(): String = "trace $traceId with ${spans.size} spans"
}

package dev.spanstream.pipeline

import dev.spanstream.sink.FinishedSpan
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration

/**
 * The spans that wait for others of their trace, and the rules that end the wait.
 *
 * A bucket is sealed as a whole, and a new one begins with the next span of the trace; so reaching a
 * limit splits a trace into several envelopes and never drops a span. Time is given, never asked for.
 * Not thread-safe: it belongs to the batcher.
 *
 * @param seal takes a sealed bucket
 */
internal class Buckets(private val settings: PipelineSettings, private val seal: (Bucket) -> Unit) {
    /** In the order of their first spans. */
    private val byTrace = LinkedHashMap<TraceKey, Bucket>()

    /** No bucket is due before it; it may have none that is due at it. */
    private var nextDue: ComparableTimeMark? = null

    val isEmpty: Boolean get() = byTrace.isEmpty()

    /** How long until a bucket may be due; null if there is none. */
    fun untilDue(now: ComparableTimeMark): Duration? = nextDue?.let { maxOf(it - now, Duration.ZERO) }

    fun add(span: FinishedSpan, bytes: Long, now: ComparableTimeMark) {
        val key = TraceKey(span.tree.traceIdHigh, span.tree.traceIdLow)
        byTrace[key]?.let { if (it.bytes + bytes > settings.maxBytesPerEnvelope) seal(key, it) }
        val bucket = byTrace.getOrPut(key) { Bucket(due = now + settings.flushInterval) }
        bucket.add(span, bytes)
        if (span.isServiceSpan) bucket.dueBy(now + settings.serviceSpanDelay)
        nextDue = nextDue?.let { minOf(it, bucket.due) } ?: bucket.due
        if (bucket.spans.size >= settings.maxSpansPerEnvelope) seal(key, bucket)
    }

    fun sealDue(now: ComparableTimeMark) {
        if (nextDue.let { it == null || it > now }) return
        byTrace.entries.filter { it.value.due <= now }.forEach { (key, bucket) -> seal(key, bucket) }
        nextDue = byTrace.values.minOfOrNull(Bucket::due)
    }

    fun sealOldest() {
        byTrace.entries.firstOrNull()?.let { (key, bucket) -> seal(key, bucket) }
    }

    fun sealAll() {
        while (!isEmpty) sealOldest()
        nextDue = null
    }

    private fun seal(key: TraceKey, bucket: Bucket) {
        byTrace.remove(key)
        seal(bucket)
    }

    private data class TraceKey(val high: Long, val low: Long)
}

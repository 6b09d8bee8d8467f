package dev.spanstream.pipeline

import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.SpanTree
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration

/**
 * The spans that wait for others of their trace, and the rules that end the wait.
 *
 * A bucket is sealed as a whole, and a new one begins with the next span of the trace; so reaching a
 * limit splits a trace into several envelopes and never drops a span. Time is given, never asked for.
 * Not thread-safe: it belongs to the batcher.
 *
 * @param sealed takes a sealed bucket
 */
internal class Buckets(private val settings: PipelineSettings, private val sealed: (Bucket) -> Unit) {
    /** In the order of their first spans. */
    private val byTrace = LinkedHashMap<TraceKey, Bucket>()

    /** The bucket that got the last span, and its tree: most often the next one is of that tree, too. */
    private var lastTree: SpanTree? = null
    private var lastBucket: Bucket? = null

    /** No bucket is due before it; it may have none that is due at it. */
    private var nextDue: ComparableTimeMark? = null

    val isEmpty: Boolean get() = byTrace.isEmpty()

    /** How long until a bucket may be due; null if there is none. */
    fun untilDue(now: ComparableTimeMark): Duration? = nextDue?.let { maxOf(it - now, Duration.ZERO) }

    fun add(span: FinishedSpan, bytes: Long, now: ComparableTimeMark) {
        var bucket = bucketOf(span.tree, now)
        if (bucket.bytes > 0 && bucket.bytes + bytes > settings.maxBytesPerEnvelope) {
            seal(bucket)
            bucket = bucketOf(span.tree, now)
        }
        bucket.add(span, bytes)
        if (span.isServiceSpan) {
            bucket.dueBy(now + settings.serviceSpanDelay)
            hasDue(bucket)
        }
        if (bucket.spans.size >= settings.maxSpansPerEnvelope) seal(bucket)
    }

    private fun bucketOf(tree: SpanTree, now: ComparableTimeMark): Bucket {
        lastBucket?.let { if (tree === lastTree || it.key.isOf(tree)) return it }
        val key = TraceKey(tree.traceIdHigh, tree.traceIdLow)
        val bucket = byTrace[key] ?: Bucket(key, due = now + settings.flushInterval).also {
            byTrace[key] = it
            hasDue(it)
        }
        lastTree = tree
        lastBucket = bucket
        return bucket
    }

    private fun hasDue(bucket: Bucket) {
        nextDue = nextDue?.let { minOf(it, bucket.due) } ?: bucket.due
    }

    fun sealDue(now: ComparableTimeMark) {
        if (nextDue.let { it == null || it > now }) return
        byTrace.values.filter { it.due <= now }.forEach(::seal)
        nextDue = byTrace.values.minOfOrNull(Bucket::due)
    }

    fun sealOldest() {
        byTrace.values.firstOrNull()?.let(::seal)
    }

    fun sealAll() {
        while (!isEmpty) sealOldest()
        nextDue = null
    }

    private fun seal(bucket: Bucket) {
        byTrace.remove(bucket.key)
        lastTree = null
        lastBucket = null
        sealed(bucket)
    }
}

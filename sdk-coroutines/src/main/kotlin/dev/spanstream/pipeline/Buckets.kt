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
 * @param sealed takes the spans of a sealed bucket, and their bytes
 */
internal class Buckets(private val settings: PipelineSettings, private val sealed: (List<FinishedSpan>, Long) -> Unit) {
    /** In the order of their first spans; so their intervals end in that order, too. */
    private val byTrace = LinkedHashMap<TraceKey, Bucket>()

    /** Those that wait only for what ends just after a service span, in the order in which they are due. */
    private val concluded = ArrayDeque<Bucket>()

    /** The bucket that got the last span, and its tree: most often the next one is of that tree, too. */
    private var lastTree: SpanTree? = null
    private var lastBucket: Bucket? = null

    val isEmpty: Boolean get() = byTrace.isEmpty()

    /** How long until a bucket may be due; null if there is none. */
    fun untilDue(now: ComparableTimeMark): Duration? {
        val oldest = oldest ?: return null
        // Sealed or not: it costs a look too many, now and then.
        val due = concluded.firstOrNull()?.let { minOf(it.due, oldest.due) } ?: oldest.due
        return maxOf(due - now, Duration.ZERO)
    }

    fun add(span: FinishedSpan, bytes: Long, now: ComparableTimeMark) {
        var bucket = bucketOf(span.tree, now)
        if (bucket.bytes > 0 && bucket.bytes + bytes > settings.maxBytesPerEnvelope) {
            seal(bucket)
            bucket = bucketOf(span.tree, now)
        }
        bucket.add(span, bytes)
        if (span.isServiceSpan) {
            conclude(bucket, due = now + settings.serviceSpanDelay)
        }
        if (bucket.size >= settings.maxSpansPerEnvelope) seal(bucket)
    }

    private fun bucketOf(tree: SpanTree, now: ComparableTimeMark): Bucket {
        lastBucket?.let { if (tree === lastTree || it.key.isOf(tree)) return it }
        val key = TraceKey(tree.traceIdHigh, tree.traceIdLow)
        val bucket = byTrace[key] ?: Bucket(key, due = now + settings.flushInterval).also {
            byTrace[key] = it
        }
        lastTree = tree
        lastBucket = bucket
        return bucket
    }

    /** A second service span of the trace does not make it wait longer. */
    private fun conclude(bucket: Bucket, due: ComparableTimeMark) {
        if (due < bucket.due) {
            bucket.dueBy(due)
            concluded.addLast(bucket)
        }
    }

    fun sealDue(now: ComparableTimeMark) {
        while (concluded.firstOrNull()?.let { it.isSealed || it.due <= now } == true) {
            concluded.removeFirst().let { if (!it.isSealed) seal(it) }
        }
        while (oldest?.let { it.due <= now } == true) sealOldest()
    }

    private val oldest: Bucket? get() = byTrace.values.firstOrNull()

    fun sealOldest() {
        oldest?.let(::seal)
    }

    fun sealAll() {
        while (!isEmpty) sealOldest()
        concluded.clear()
    }

    private fun seal(bucket: Bucket) {
        byTrace.remove(bucket.key)
        lastTree = null
        lastBucket = null
        sealed(bucket.seal(), bucket.bytes)
    }
}

package dev.spanstream.pipeline

import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.math.min

/**
 * The ceilings on what the pipeline keeps in memory: mailbox, buckets, queue, and the batches under
 * way, all together.
 *
 * A place is [reserve]d by the thread that ended the span, before it keeps the span. How large the
 * span is is only [measured] by the batcher, off that thread; until then it counts as
 * [PRESUMED_BYTES]. So the ceiling on spans is exact, and the one on bytes is by the estimate of all spans
 * but those of the last tick. Thread-safe.
 */
internal class Budget(private val maxSpans: Int, private val maxBytes: Long) {
    private val spans = AtomicInteger()
    private val measuredSpans = AtomicInteger()
    private val measuredBytes = AtomicLong()

    /** Whether it is time to send without waiting for company: three quarters are taken. */
    val isTight: Boolean
        get() = spans.get().let { it >= maxSpans - maxSpans / 4 || bytes(it) >= maxBytes - maxBytes / 4 }

    /** Takes up to [wanted] places for spans not yet measured; tells how many were left to take. */
    fun reserve(wanted: Int): Int {
        while (true) {
            val taken = spans.get()
            val granted = if (bytes(taken) < maxBytes) min(wanted, maxSpans - taken) else 0
            if (granted <= 0) return 0
            if (spans.compareAndSet(taken, taken + granted)) return granted
        }
    }

    /** Gives back places that were reserved, but not measured. */
    fun giveBack(places: Int) {
        spans.addAndGet(-places)
    }

    /** Enters the size of one reserved span; false, and no change, if that would pass the ceiling. */
    fun measured(bytes: Long): Boolean {
        if (measuredBytes.get() + bytes > maxBytes) return false
        measuredBytes.addAndGet(bytes)
        measuredSpans.incrementAndGet()
        return true
    }

    /** Gives back the places of measured spans that are gone, one way or the other. */
    fun release(spans: Int, bytes: Long) {
        measuredBytes.addAndGet(-bytes)
        measuredSpans.addAndGet(-spans)
        this.spans.addAndGet(-spans)
    }

    private fun bytes(spans: Int): Long = measuredBytes.get() + (spans - measuredSpans.get()) * PRESUMED_BYTES

    private companion object {
        /** A span with the mandatory attributes and a few of its own, rounded. */
        const val PRESUMED_BYTES = 1_024L
    }
}

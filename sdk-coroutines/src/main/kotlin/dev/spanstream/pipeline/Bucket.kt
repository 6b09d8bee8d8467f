package dev.spanstream.pipeline

import dev.spanstream.sink.FinishedSpan
import kotlin.time.ComparableTimeMark

/**
 * The spans of one trace that wait for others of it. Belongs to the batcher.
 *
 * @property key the trace
 * @property due when the wait ends at the latest
 */
internal class Bucket(val key: TraceKey, due: ComparableTimeMark) {
    private var list = ArrayList<FinishedSpan>()

    var due: ComparableTimeMark = due
        private set
    var bytes: Long = 0
        private set
    val size: Int get() = list.size
    var isSealed: Boolean = false
        private set

    fun add(span: FinishedSpan, bytes: Long) {
        list.add(span)
        this.bytes += bytes
    }

    /** The spans, which are the batch's from now on. */
    fun seal(): List<FinishedSpan> =
        list.also {
            isSealed = true
            list = NONE
        }

    fun dueBy(mark: ComparableTimeMark) {
        due = minOf(due, mark)
    }

    private companion object {
        /** A sealed bucket is kept for a while, but not its spans. */
        val NONE = ArrayList<FinishedSpan>(0)
    }
}

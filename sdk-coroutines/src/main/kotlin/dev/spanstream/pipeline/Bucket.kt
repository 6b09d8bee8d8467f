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
    private val list = ArrayList<FinishedSpan>()

    var due: ComparableTimeMark = due
        private set
    var bytes: Long = 0
        private set
    val spans: List<FinishedSpan> get() = list

    fun add(span: FinishedSpan, bytes: Long) {
        list.add(span)
        this.bytes += bytes
    }

    fun dueBy(mark: ComparableTimeMark) {
        due = minOf(due, mark)
    }
}

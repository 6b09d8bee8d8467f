package dev.spanstream.pipeline

import dev.spanstream.sink.DropReason
import dev.spanstream.sink.SinkStats
import java.util.EnumMap
import java.util.concurrent.atomic.LongAdder

/**
 * What became of the accepted spans, each of them entered once. Thread-safe.
 *
 * @param reports what is also told to the receiver; null if it does not want to know
 */
internal class Books(private val reports: ClientReports?) {
    private val sent = LongAdder()
    private val spooled = LongAdder()
    private val dropped: Map<DropReason, LongAdder> =
        DropReason.entries.associateWithTo(EnumMap(DropReason::class.java)) { LongAdder() }

    fun sent(spans: Int) {
        sent.add(spans.toLong())
    }

    fun spooled(spans: Int) {
        spooled.add(spans.toLong())
    }

    /** Spans that were [spooled] are about to be entered as something else. */
    fun unspooled(spans: Int) {
        spooled.add(-spans.toLong())
    }

    /** Spans that another process, or an earlier run, has spooled are lost: not ours, but to be reported. */
    fun droppedForOthers(reason: DropReason, spans: Int) {
        reports?.add(reason, spans.toLong())
    }

    fun dropped(reason: DropReason, spans: Int) {
        dropped.getValue(reason).add(spans.toLong())
        reports?.add(reason, spans.toLong())
    }

    /** The receiver answered 429: it counts these itself, so they must not be in a report too. */
    fun refused(spans: Int) {
        dropped.getValue(DropReason.RATELIMIT_BACKOFF).add(spans.toLong())
    }

    /** How many were dropped so far. */
    fun lost(): Long = dropped.values.sumOf(LongAdder::sum)

    /** In the order from the latest stage to the earliest, so that nothing counts twice on its way. */
    fun stats(): SinkStats {
        val lost = dropped.mapValues { it.value.sum() }.filterValues { it > 0 }
        val arrived = sent.sum()
        return SinkStats(arrived, maxOf(0, spooled.sum()), lost)
    }
}

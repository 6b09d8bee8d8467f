package dev.spanstream.pipeline

import dev.spanstream.envelope.ClientReport
import dev.spanstream.sink.DropReason
import java.time.Instant
import java.util.EnumMap
import java.util.concurrent.atomic.LongAdder

/**
 * The dropped spans that the receiver has not been told of yet.
 *
 * A report is [take]n for one attempt to send it, and [putBack] if that fails, so that each span is
 * in one report at a time. Thread-safe; counting is cheap, since every unsampled span is counted
 * here by the thread that ended it.
 */
internal class ClientReports {
    private val unreported: Map<DropReason, LongAdder> =
        DropReason.entries.associateWithTo(EnumMap(DropReason::class.java)) { LongAdder() }

    fun add(reason: DropReason, spans: Long) {
        unreported.getValue(reason).add(spans)
    }

    /** What there is to report at this time, or null if nothing. */
    fun take(at: Instant): ClientReport? {
        val discarded = EnumMap<DropReason, Long>(DropReason::class.java)
        for ((reason, spans) in unreported) {
            // An addition that runs at the same time is in this sum or in the next, never in none.
            val sum = spans.sumThenReset()
            if (sum > 0) discarded[reason] = sum
        }
        return if (discarded.isEmpty()) null else ClientReport(at.epochSecond, discarded)
    }

    fun putBack(report: ClientReport) {
        report.discarded.forEach(::add)
    }
}

package dev.spanstream.samples.inbox

import java.time.Duration
import java.time.Instant

/** What is kept of one trace, never nothing for long. Not safe for use from several threads. */
internal class KeptTrace(
    val traceId: String,
    private val born: Long,
) : Comparable<KeptTrace> {
    private val kept = ArrayDeque<KeptSpan>()
    private var cached: TraceSummary? = null

    /** In the order of arrival. */
    val spans: List<KeptSpan> get() = kept

    /** The number of the span that came last. */
    val touched: Long get() = kept.last().number

    /** Whether a service span has ever been seen. */
    var hasServiceSpan: Boolean = false
        private set

    val summary: TraceSummary get() = cached ?: TraceSummary.of(this).also { cached = it }

    fun add(span: ReceivedSpan, number: Long, receivedAt: Instant, bytes: Long) {
        kept += KeptSpan(span, number, receivedAt, isFinished(receivedAt), bytes)
        hasServiceSpan = hasServiceSpan || span.isSegment
        cached = null
    }

    fun removeOldest(): KeptSpan = kept.removeFirst().also { cached = null }

    fun snapshot(): ReceivedTrace = ReceivedTrace(traceId, kept.map { it.span })

    /** By the first arrival. */
    override fun compareTo(other: KeptTrace): Int = born.compareTo(other.born)

    /** Sentry waits this long behind the last span. Spans of one envelope arrive at once, whatever their number. */
    private fun isFinished(now: Instant): Boolean {
        val last = kept.lastOrNull()?.receivedAt ?: return false
        return Duration.between(last, now) > (if (hasServiceSpan) WITH_ROOT else WITHOUT_ROOT)
    }

    private companion object {
        val WITH_ROOT: Duration = Duration.ofSeconds(10)
        val WITHOUT_ROOT: Duration = Duration.ofSeconds(60)
    }
}

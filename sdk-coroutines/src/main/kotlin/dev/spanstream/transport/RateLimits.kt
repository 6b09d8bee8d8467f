package dev.spanstream.transport

import java.time.InstantSource
import kotlin.time.ComparableTimeMark
import kotlin.time.TimeSource

/**
 * Remembers until when the receiver wants to be left alone (sdk/foundations/transport/rate-limiting).
 *
 * A later answer can lengthen a limit, never shorten it. Thread-safe; asking is two field reads.
 */
internal class RateLimits(
    private val timeSource: TimeSource.WithComparableMarks,
    private val wallClock: InstantSource,
) {
    private val start = timeSource.markNow()

    // Both guarded by this for writing.
    @Volatile private var spansUntil: ComparableTimeMark = start

    @Volatile private var everythingUntil: ComparableTimeMark = start

    /** Whether no spans may be sent now. */
    fun forbidSpans(): Boolean = timeSource.markNow().let { it < spansUntil || it < everythingUntil }

    /** Whether nothing may be sent now, client reports included. */
    fun forbidEverything(): Boolean = timeSource.markNow() < everythingUntil

    /** Learns from an answer, whatever its status. */
    fun update(answer: Answer.Status) {
        val header = answer.rateLimits
        when {
            !header.isNullOrBlank() -> parseRateLimits(header).forEach(::apply)
            answer.isRateLimited -> apply(parseRetryAfter(answer.retryAfter, wallClock.instant()))
        }
    }

    @Synchronized
    private fun apply(limit: RateLimit) {
        val until = timeSource.markNow() + limit.wait
        when (limit.scope) {
            RateLimit.Scope.SPANS -> spansUntil = maxOf(spansUntil, until)
            RateLimit.Scope.EVERYTHING -> everythingUntil = maxOf(everythingUntil, until)
        }
    }
}

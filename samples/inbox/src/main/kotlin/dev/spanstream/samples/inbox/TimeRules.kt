package dev.spanstream.samples.inbox

import java.time.Duration
import java.time.Instant

/**
 * The times of a span, seen from [receivedAt].
 *
 * Relay corrects a sender's clock by the difference to `sent_at` if that is large, rejects what is older than it keeps
 * spans, and shifts what lies in the future. The inbox rejects the same, but only warns where Relay would shift, so that
 * tests see the times that were sent.
 */
internal class TimeRules(
    receivedAt: Instant,
    sentAt: Instant?,
    private val findings: Findings,
) {
    private val now = Timestamps.microsOf(receivedAt)
    private val drift: Long = sentAt?.let { now - Timestamps.microsOf(it) }?.takeIf(::isLarge) ?: 0

    init {
        if (drift != 0L) findings.warn("envelope: sent_at is ${drift / MICROS} s off, Relay shifts all spans by that")
    }

    /** Why a span from [start] to [end] is lost, or null if it is not; [where] names it in warnings. */
    fun problem(start: Long, end: Long, where: String): String? {
        val begin = start + drift
        if (begin > now + MAX_FUTURE && isLarge(begin - now)) {
            findings.warn("$where: starts ${(begin - now) / MICROS} s in the future, Relay shifts it to now")
        }
        return when {
            start > end -> "starts ${start - end} µs after it ends"
            begin < now - RETENTION -> "started ${(now - begin) / MICROS} s ago, longer than spans are kept"
            else -> null
        }
    }

    private fun isLarge(micros: Long) = micros >= LARGE_SHIFT || micros <= -LARGE_SHIFT

    private companion object {
        const val MICROS = 1_000_000L
        const val MAX_FUTURE = 60 * MICROS
        val LARGE_SHIFT = Duration.ofMinutes(55).seconds * MICROS
        val RETENTION = Duration.ofDays(90).seconds * MICROS
    }
}

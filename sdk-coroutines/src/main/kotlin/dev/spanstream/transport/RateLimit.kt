package dev.spanstream.transport

import java.time.DateTimeException
import java.time.Duration
import java.time.Instant
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration
import kotlin.time.Duration as KotlinDuration

/** For how long the receiver wants to be left alone, and with what. */
internal data class RateLimit(val wait: KotlinDuration, val scope: Scope) {
    enum class Scope {
        /** No spans; client reports may go. */
        SPANS,

        /** Nothing at all. */
        EVERYTHING,
    }
}

/**
 * Reads `X-Sentry-Rate-Limits`: `{seconds}:{category;category}:{more}, …`.
 *
 * Leaves out what does not concern us: a limit all of whose categories are others or unknown is
 * void, whereas one that names none is for everything.
 */
internal fun parseRateLimits(header: String): List<RateLimit> =
    header.split(',').filter(String::isNotBlank).mapNotNull { limit ->
        val fields = limit.split(':')
        val categories = fields
            .getOrElse(1) { "" }
            .split(';')
            .map(String::trim)
            .filter(String::isNotEmpty)
        when {
            categories.isEmpty() -> RateLimit(parseSeconds(fields[0]) ?: DEFAULT_WAIT, RateLimit.Scope.EVERYTHING)
            "span" in categories -> RateLimit(parseSeconds(fields[0]) ?: DEFAULT_WAIT, RateLimit.Scope.SPANS)
            else -> null
        }
    }

/** Reads `Retry-After`: seconds or an HTTP date; a minute if it is absent or neither. */
internal fun parseRetryAfter(header: String?, now: Instant): RateLimit {
    val wait = header?.let { parseSeconds(it) ?: parseDate(it, now) } ?: DEFAULT_WAIT
    return RateLimit(wait, RateLimit.Scope.EVERYTHING)
}

private fun parseSeconds(text: String): KotlinDuration? {
    val seconds = text.trim().toDoubleOrNull() ?: return null
    // Not a whole range check: NaN is neither below nor above, and must not pass.
    return if (seconds >= 0.0) minOf(seconds, LONGEST_WAIT.inWholeSeconds.toDouble()).seconds else null
}

private fun parseDate(text: String, now: Instant): KotlinDuration? =
    try {
        val date = ZonedDateTime.parse(text.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
        Duration.between(now, date).toKotlinDuration().coerceIn(0.milliseconds, LONGEST_WAIT)
    } catch (_: DateTimeException) {
        null
    }

private val DEFAULT_WAIT = 60.seconds

/** A receiver that means longer will say so again; one that is mistaken cannot silence us for good. */
private val LONGEST_WAIT = 1.days

package dev.spanstream.samples.inbox

import kotlinx.serialization.json.JsonElement
import java.math.BigDecimal
import java.math.RoundingMode
import java.time.DateTimeException
import java.time.Instant
import java.time.LocalDateTime
import java.time.OffsetDateTime
import java.time.ZoneOffset
import java.time.temporal.ChronoUnit

/** The forms of a point in time that Relay takes. */
internal object Timestamps {
    private const val MICROS_PER_SECOND = 1_000_000L

    /** 9999-12-31T23:59:59Z, the last second of the last year that Relay knows. */
    private const val LAST_SECOND = 253_402_300_799.0
    private const val EXACT_DIGITS = 40
    private const val LOCAL = """\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?"""
    private val NAIVE = Regex(LOCAL)
    private val RFC_3339 = Regex("""$LOCAL([Zz]|[+-]\d\d:\d\d)""")

    /** Microseconds since the epoch of a JSON number of seconds or an ISO string (UTC without an offset), else null. */
    fun micros(value: JsonElement?): Long? {
        value.numberOrNull?.let { return microsOfSeconds(it) }
        val text = value.stringOrNull ?: return null
        val instant = rfc3339(text) ?: naive(text)
        return instant?.let(::microsOf)
    }

    /** The instant that [text] names by date, time and offset, else null. */
    fun rfc3339(text: String): Instant? = parse(text, RFC_3339) { OffsetDateTime.parse(it).toInstant() }

    fun instant(micros: Long): Instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS)

    fun microsOf(instant: Instant): Long = ChronoUnit.MICROS.between(Instant.EPOCH, instant)

    private fun naive(text: String): Instant? =
        parse(text, NAIVE) { LocalDateTime.parse(it).toInstant(ZoneOffset.UTC) }

    private fun parse(text: String, form: Regex, read: (String) -> Instant): Instant? =
        try {
            if (form.matches(text)) read(text.uppercase().replace(' ', 'T')) else null
        } catch (_: DateTimeException) {
            null
        }

    /** Exact for anything an SDK writes; very long or very small numbers go through a double, which cannot be slow. */
    private fun microsOfSeconds(text: String): Long? {
        val rough = text.toDouble()
        if (rough > LAST_SECOND || rough < -LAST_SECOND) return null
        val exact = text.length <= EXACT_DIGITS && text.none { it in "eE" }
        return (if (exact) BigDecimal(text) else BigDecimal(rough))
            .multiply(BigDecimal(MICROS_PER_SECOND))
            .setScale(0, RoundingMode.HALF_UP)
            .toLong()
    }
}

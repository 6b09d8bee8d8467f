package dev.spanstream.transport

import dev.spanstream.transport.RateLimit.Scope.EVERYTHING
import dev.spanstream.transport.RateLimit.Scope.SPANS
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import java.time.Instant
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.seconds

class RateLimitHeaderTest : StringSpec({
    mapOf(
        "60:span:organization:span_quota" to listOf(RateLimit(60.seconds, SPANS)),
        "60:span" to listOf(RateLimit(60.seconds, SPANS)),
        "2.5:span:key" to listOf(RateLimit(2.5.seconds, SPANS)),
        "60::organization" to listOf(RateLimit(60.seconds, EVERYTHING)),
        "60" to listOf(RateLimit(60.seconds, EVERYTHING)),
        " 60 : error ; span : key : reason : ns;ns2 : more " to listOf(RateLimit(60.seconds, SPANS)),
        "60:transaction:key, 2700:span;attachment:project" to listOf(RateLimit(2700.seconds, SPANS)),
        "1:span:key,2::key" to listOf(RateLimit(1.seconds, SPANS), RateLimit(2.seconds, EVERYTHING)),
        // Not a limit on everything, though nothing in it is known.
        "60:some_day:key" to emptyList(),
        "60:span_indexed:key" to emptyList(),
        "60:SPAN:key" to emptyList(),
        "60:;span;:key" to listOf(RateLimit(60.seconds, SPANS)),
        "" to emptyList(),
        ",, ," to emptyList(),
        "0:span:key" to listOf(RateLimit(0.seconds, SPANS)),
        // Not numbers, or none that a wait can have: a minute.
        "soon:span:key" to listOf(RateLimit(60.seconds, SPANS)),
        "-5:span:key" to listOf(RateLimit(60.seconds, SPANS)),
        "NaN:span:key" to listOf(RateLimit(60.seconds, SPANS)),
        ":span:key" to listOf(RateLimit(60.seconds, SPANS)),
        // Nobody silences us for ever.
        "1e300:span:key" to listOf(RateLimit(1.days, SPANS)),
        "Infinity::key" to listOf(RateLimit(1.days, EVERYTHING)),
    ).forEach { (header, limits) ->
        "The header '$header' is misread" { parseRateLimits(header) shouldBe limits }
    }

    val now = Instant.parse("2026-11-21T10:00:00Z")
    mapOf(
        null to 60.seconds,
        "" to 60.seconds,
        "tomorrow" to 60.seconds,
        "7" to 7.seconds,
        "7.25" to 7.25.seconds,
        "-7" to 60.seconds,
        "99999999" to 1.days,
        "Sat, 21 Nov 2026 10:00:30 GMT" to 30.seconds,
        "Sat, 21 Nov 2026 09:00:00 GMT" to 0.seconds,
        "Sat, 21 Nov 2099 10:00:30 GMT" to 1.days,
    ).forEach { (header, wait) ->
        "The Retry-After header '$header' is misread" {
            parseRetryAfter(header, now) shouldBe RateLimit(wait, EVERYTHING)
        }
    }
})

package dev.spanstream.transport

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import java.time.Instant
import java.time.InstantSource
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

private class Limits {
    val time = TestTimeSource()
    val limits = RateLimits(time, InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z")))

    fun answer(code: Int, rateLimits: String? = null, retryAfter: String? = null) =
        limits.update(Answer.Status(code, rateLimits, retryAfter))

    /** What is forbidden: spans, everything. */
    fun forbidden() = limits.forbidSpans() to limits.forbidEverything()
}

class RateLimitsTest : StringSpec({
    "Something is forbidden before anybody asked for it" {
        Limits().forbidden() shouldBe (false to false)
    }

    "A limit on spans ends too early, too late, or stops reports" {
        with(Limits()) {
            answer(200, "2.5:span:key")
            forbidden() shouldBe (true to false)
            time += 2_499.milliseconds
            forbidden() shouldBe (true to false)
            time += 1.milliseconds
            forbidden() shouldBe (false to false)
        }
    }

    "A limit on everything lets something through" {
        with(Limits()) {
            answer(503, "10::organization")
            forbidden() shouldBe (true to true)
        }
    }

    "A shorter limit that comes later shortens a longer one" {
        with(Limits()) {
            answer(429, "60:span:key")
            answer(429, "5:span:key")
            answer(200)
            time += 59.seconds
            forbidden() shouldBe (true to false)
            time += 1.seconds
            forbidden() shouldBe (false to false)
        }
    }

    "The longest of several limits in one header does not win" {
        with(Limits()) {
            answer(429, "5:span:key, 60:span:organization, 7:error:key")
            time += 59.seconds
            forbidden() shouldBe (true to false)
        }
    }

    "A bare 429 is not a minute of silence" {
        with(Limits()) {
            answer(429)
            time += 59.seconds
            forbidden() shouldBe (true to true)
            time += 1.seconds
            forbidden() shouldBe (false to false)
        }
    }

    "Retry-After is not heeded at 429, or is heeded where a better header stands" {
        with(Limits()) {
            answer(429, retryAfter = "3")
            forbidden() shouldBe (true to true)
            time += 3.seconds
            forbidden() shouldBe (false to false)
            answer(429, rateLimits = "60:error:key", retryAfter = "60")
            forbidden() shouldBe (false to false)
        }
    }

    "Retry-After of another answer than 429 counts as a rate limit" {
        with(Limits()) {
            answer(503, retryAfter = "60")
            forbidden() shouldBe (false to false)
        }
    }
})

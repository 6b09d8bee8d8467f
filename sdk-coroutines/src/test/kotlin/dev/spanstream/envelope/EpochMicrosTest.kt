package dev.spanstream.envelope

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json

class EpochMicrosTest : StringSpec({
    mapOf(
        0L to "0.000000",
        1L to "0.000001",
        999_999L to "0.999999",
        1_000_000L to "1.000000",
        1_790_000_000_130_112L to "1790000000.130112",
        // Doubles have no room for these digits.
        99_999_999_999_123_457L to "99999999999.123457",
        Long.MAX_VALUE to "9223372036854.775807",
        -1L to "-0.000001",
        -1_500_000L to "-1.500000",
        Long.MIN_VALUE to "-9223372036854.775808",
    ).forEach { (micros, text) ->
        "$micros microseconds are not printed as $text" { Json.encodeToString(EpochMicros, micros) shouldBe text }
    }
})

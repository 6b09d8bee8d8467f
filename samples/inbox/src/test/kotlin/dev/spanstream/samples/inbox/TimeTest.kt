package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

class TimeTest : StringSpec({
    val now = Lab.NOW.epochSecond
    val days90 = Duration.ofDays(90).seconds

    fun from(start: Any, end: Any = start) = span("start_timestamp" to "$start", "end_timestamp" to "$end")

    val forms = mapOf(
        "$now" to 0L,
        "$now.000001" to 1L,
        "$now.0000014" to 1L,
        "$now.0000016" to 2L,
        "$now.9999999" to 1_000_000L,
        "${now}000000e-6" to 0L,
        "\"2026-11-21T12:00:00.000001Z\"" to 1L,
        "\"2026-11-21T13:00:00.000001+01:00\"" to 1L,
        "\"2026-11-21T12:00:00.000001\"" to 1L,
        "\"2026-11-21 12:00:00Z\"" to 0L,
    )
    forms.forEach { (form, micros) ->
        "start $form is read to the microsecond" {
            Lab.run {
                send(from(form, now + 2))
                inbox.awaitSpans(1).single().startMicros shouldBe now * 1_000_000 + micros
            }
        }
    }

    "a span that ends when it starts is kept, one that ends before is lost" {
        Lab.run {
            send(from("$now.5", "$now.5"))
            send(from("$now.500001", "$now.5"))
            inbox.acceptedSpanCount() shouldBe 1
            inbox.rejections().single().reason shouldBe "timestamp"
        }
    }

    "a span of 90 days ago is kept, an older one is lost" {
        Lab.run {
            send(from(now - days90))
            send(from("${now - days90 - 1}.999999"))
            inbox.acceptedSpanCount() shouldBe 1
            inbox.rejections().single().let { it.reason to it.field } shouldBe ("timestamp" to "start_timestamp")
        }
    }

    "a start of less than 55 minutes in the future is not worth a warning" {
        Lab.run {
            send(from(now + 54 * 60))
            inbox.warnings().shouldBeEmpty()
        }
    }

    "a start of 55 minutes in the future is kept with a warning" {
        Lab.run {
            send(from(now + 55 * 60))
            inbox.acceptedSpanCount() shouldBe 1
            inbox.warnings().single() shouldContain "Relay shifts it to now"
        }
    }

    "sent_at that is 55 minutes off moves the spans, so an old span of a wrong clock is kept" {
        Lab.run {
            val sentAt = "sent_at" to "\"${Lab.NOW.minus(Duration.ofDays(200))}\""
            post(header(DSC, sentAt) + item(container(from(now - 200 * 86_400))))
            inbox.acceptedSpanCount() shouldBe 1
            inbox.warnings().single() shouldContain "sent_at is"
        }
    }

    "sent_at that is less than 55 minutes off changes nothing" {
        Lab.run {
            val sentAt = "sent_at" to "\"${Lab.NOW.minus(Duration.ofMinutes(54))}\""
            post(header(DSC, sentAt) + item(container(from(now - days90 - 60))))
            inbox.rejections().single().reason shouldBe "timestamp"
            inbox.warnings().shouldBeEmpty()
        }
    }

    "numbers that are slow to compute exactly are still answered" {
        Lab.run {
            send(from("1e-999999999", "0." + "1".repeat(100_000)))
            inbox.rejections().single().reason shouldBe "timestamp"
        }
    }
})

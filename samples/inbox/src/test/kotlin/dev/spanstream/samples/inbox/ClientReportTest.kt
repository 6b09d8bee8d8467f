package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class ClientReportTest : StringSpec({
    fun report(payload: String) = item(payload, null, null, "client_report")

    fun event(reason: String, quantity: Any, category: String = "span") =
        """{"reason":"$reason","category":"$category","quantity":$quantity}"""

    fun events(vararg events: String) = """{"timestamp":1790000030,"discarded_events":[${events.joinToString(",")}]}"""

    "the reports of one envelope and of several are added up by reason" {
        Lab.run {
            val reports =
                report(events(event("sample_rate", 17), event("ignored", 3))) + report(events(event("ignored", 1)))
            post("{}\n$reports").statusCode() shouldBe 200
            post("{}\n" + report(events(event("sample_rate", 1))))
            inbox.discarded() shouldBe mapOf("sample_rate" to 18L, "ignored" to 4L)
            inbox.warnings().shouldBeEmpty()
        }
    }

    "a report may travel with spans" {
        Lab.run {
            post(header() + item(container(span())) + report(events(event("ignored", 2)))).statusCode() shouldBe 200
            inbox.acceptedSpanCount() shouldBe 1
            inbox.discarded() shouldBe mapOf("ignored" to 2L)
        }
    }

    listOf("\"2026-11-21T12:00:00Z\"", "1790000030.5", "null").forEach { time ->
        "timestamp $time is read" {
            Lab.run {
                post("{}\n" + report("""{"timestamp":$time,"discarded_events":[${event("ignored", 1)}]}"""))
                inbox.discarded() shouldBe mapOf("ignored" to 1L)
            }
        }
    }

    val broken = listOf(
        "nonsense",
        "[]",
        "{}",
        """{"discarded_events":{}}""",
        """{"timestamp":"noon","discarded_events":[]}""",
        events("1"),
        events("{}"),
        events(event("ignored", -1)),
        events(event("ignored", 4294967296)),
        events(event("ignored", 1.5)),
        events(event("ignored", 1), """{"reason":"x","quantity":1}"""),
    )
    broken.forEach { payload ->
        "the report $payload is ignored with a warning" {
            Lab.run {
                post("{}\n" + report(payload)).statusCode() shouldBe 200
                inbox.discarded().shouldBeEmpty()
                inbox.warnings().single() shouldContain "client report"
            }
        }
    }

    "other categories are not counted as spans" {
        Lab.run {
            post("{}\n" + report(events(event("ignored", 5, "transaction"), event("ignored", 2))))
            inbox.discarded() shouldBe mapOf("ignored" to 2L)
            inbox.warnings().single() shouldContain "'transaction'"
        }
    }

    "invented reasons do not grow the totals without end" {
        Lab.run {
            repeat(11) { round ->
                post("{}\n" + report(events(*Array(20) { event("r$round-$it", 1) })))
            }
            inbox.discarded().keys shouldHaveSize 101
            inbox.discarded().values.sum() shouldBe 220
        }
    }
})

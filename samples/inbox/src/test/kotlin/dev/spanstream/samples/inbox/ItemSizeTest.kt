package dev.spanstream.samples.inbox

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class ItemSizeTest : StringSpec({
    val mib = 1024 * 1024

    fun tooLarge(type: String) =
        "{\"detail\":\"envelope exceeded size limits for type '$type' " +
            "(https://develop.sentry.dev/sdk/envelopes/#size-limits)\"}"

    fun padded(bytes: Int): String = container(span()).let { it + " ".repeat(bytes - it.length) }

    "a container above 12 MiB costs the whole envelope" {
        Lab.run {
            val report = item("""{"discarded_events":[]}""", null, null, "client_report")
            val response = post(header() + report + item(padded(12 * mib + 1), 2))
            response.statusCode() shouldBe 413
            response.body() shouldBe tooLarge("span")
            inbox.traces().shouldBeEmpty()
            inbox.rejections().map { Triple(it.reason, it.category, it.quantity) } shouldContainExactly
                listOf(Triple("too_large:span", "span", 2L))
        }
    }

    "a container of 10 MiB per span is taken, one byte more is not" {
        Lab.run {
            post(header() + item(padded(10 * mib))).statusCode() shouldBe 200
            post(header() + item(padded(10 * mib + 1))).statusCode() shouldBe 413
            inbox.acceptedSpanCount() shouldBe 1
        }
    }

    "client reports above 4 KiB in all cost the whole envelope" {
        Lab.run {
            val report = item("""{"discarded_events":[]}""".padEnd(2048), null, null, "client_report")
            post(header() + report + report + item(container(span()))).statusCode() shouldBe 200
            val more = item("""{"discarded_events":[]}""".padEnd(2049), null, null, "client_report")
            val response = post(header() + report + more + item(container(span())))
            response.statusCode() shouldBe 413
            response.body() shouldBe tooLarge("client_report")
            inbox.acceptedSpanCount() shouldBe 1
        }
    }

    "an event above 1 MiB is answered 413" {
        Lab.run {
            post("{}\n" + item("x".repeat(mib + 1), null, null, "event")).body() shouldBe tooLarge("event")
        }
    }
})

package dev.spanstream.samples.inbox

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope

class PlannedAnswerTest : StringSpec({
    val body = envelope(container(span()))
    val limits = mapOf("Retry-After" to "60", "X-Sentry-Rate-Limits" to "60:span:organization:span_quota")

    "a planned 429 reaches the client with its headers, and the spans are not taken" {
        Lab.run({ respond = { PlannedAnswer(429, "{\"detail\":\"quota\"}", limits) } }) {
            val response = post(body)
            response.statusCode() shouldBe 429
            response.body() shouldBe "{\"detail\":\"quota\"}"
            limits.forEach { (name, value) -> response.headers().firstValue(name).get() shouldBe value }
            inbox.traces().shouldBeEmpty()
            inbox.rejections().shouldBeEmpty()
            inbox.envelopes().single().status shouldBe 429
        }
    }

    "a planned 429 may take the spans all the same" {
        Lab.run({ respond = { PlannedAnswer(429, headers = limits, accepts = true) } }) {
            post(body).statusCode() shouldBe 429
            inbox.acceptedSpanCount() shouldBe 1
        }
    }

    "the first request fails, the second is taken" {
        var asked = 0
        Lab.run({ respond = { PlannedAnswer(503).takeIf { asked++ == 0 } } }) {
            post(body).statusCode() shouldBe 503
            post(body).statusCode() shouldBe 200
            inbox.acceptedSpanCount() shouldBe 1
            inbox.envelopes().map { it.status } shouldContainExactly listOf(503, 200)
        }
    }

    "the plan sees the envelope, and for a refused one the answer that it would get" {
        val seen = mutableListOf<Pair<Int, Int>>()
        Lab.run({
            respond = {
                seen += it.status to it.items.size
                null
            }
        }) {
            post(body)
            post("nonsense")
            seen shouldContainExactly listOf(200 to 1, 400 to 0)
        }
    }

    "a plan that suspends keeps the client waiting, and nothing is taken before" {
        val arrived = CompletableDeferred<Unit>()
        val answer = CompletableDeferred<PlannedAnswer?>()
        Lab.run({
            respond = {
                arrived.complete(Unit)
                answer.await()
            }
        }) {
            coroutineScope {
                val response = async(Dispatchers.IO) { post(body) }
                arrived.await()
                inbox.acceptedSpanCount() shouldBe 0
                answer.complete(null)
                response.await().statusCode() shouldBe 200
                inbox.acceptedSpanCount() shouldBe 1
            }
        }
    }

    "a content type of its own is sent" {
        Lab.run({ respond = { PlannedAnswer(502, "<html>", mapOf("content-type" to "text/html")) } }) {
            post(body).headers().firstValue("Content-Type").get() shouldContain "text/html"
        }
    }

    "a plan that throws is answered 500, and the inbox lives on" {
        var asked = 0
        Lab.run({ respond = { if (asked++ == 0) error("broken plan") else null } }) {
            post(body).statusCode() shouldBe 500
            post(body).statusCode() shouldBe 200
        }
    }

    "a status that is none cannot be planned" {
        shouldThrow<IllegalArgumentException> { PlannedAnswer(99) }
    }
})

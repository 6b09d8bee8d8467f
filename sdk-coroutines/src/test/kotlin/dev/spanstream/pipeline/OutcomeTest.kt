package dev.spanstream.pipeline

import dev.spanstream.envelope.FakeSpan
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import java.io.IOException
import java.lang.reflect.Proxy
import java.time.Instant
import java.time.InstantSource
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

// One long file because it is one table, of answers and what becomes of the spans.

private val unreachable = Answer.None(IOException("unreachable"))

private val clockOfNothing =
    Proxy.newProxyInstance(InstantSource::class.java.classLoader, arrayOf(InstantSource::class.java)) { _, _, _ ->
        null
    } as InstantSource

/** Answers in this order, the last one from then on. */
private fun Lab.willAnswer(vararg answers: Answer) {
    val queue = ArrayDeque(answers.toList())
    receiver.answer = { if (queue.size > 1) queue.removeFirst() else queue.first() }
}

private fun Lab.reported(): Map<String, Long> =
    receiver.arrivals
        .flatMap { it.report.entries }
        .groupingBy { it.key }
        .fold(0L) { sum, entry -> sum + entry.value }

class OutcomeTest : StringSpec({
    "Spans that were refused with 429 are tried again, or are reported though the receiver counts them" {
        lab {
            willAnswer(Answer.Status(429, retryAfter = "1"))
            end(3)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            pass(1.minutes)

            receiver.sizes shouldBe listOf(3)
            accounts(sent = 0, DropReason.RATELIMIT_BACKOFF to 3)
            reported() shouldBe emptyMap()
        }
    }

    "Spans are sent under a rate limit, or their loss is not reported when it is over" {
        lab {
            willAnswer(Answer.Status(200, rateLimits = "10::key"), Lab.OK)
            end(1)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            end(2)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.arrivals shouldHaveSize 1
            accounts(sent = 1, DropReason.RATELIMIT_BACKOFF to 2)

            pass(10.seconds)
            end(4)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(1, 4)
            receiver.arrivals.last().report shouldBe mapOf("ratelimit_backoff" to 2L)
            accounts(sent = 5, DropReason.RATELIMIT_BACKOFF to 2)
        }
    }

    "A report waits for the end of a limit that is on spans only" {
        lab {
            willAnswer(Answer.Status(200, rateLimits = "3600:span:key"), Lab.OK)
            end(1)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            end(2)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            reported() shouldBe mapOf("ratelimit_backoff" to 2L)
        }
    }

    "A batch that is too large is dropped as a whole, or spans of it are sent twice" {
        lab {
            receiver.answer = { if (it.spans.size > 3) Answer.Status(413) else Lab.OK }
            val tree = tree()
            repeat(10) { end(1, tree, name = "span $it") }
            pipeline.awaitFlush(10.seconds).shouldBeTrue()

            receiver.sizes shouldBe listOf(10, 5, 3, 2, 5, 3, 2)
            receiver.names.filter { it.size <= 3 }.flatten() shouldBe List(10) { "span $it" }
            accounts(sent = 10)
        }
    }

    "Half a batch is sent under the limit that the other half has met" {
        lab {
            willAnswer(Answer.Status(413), Answer.Status(429, rateLimits = "60:span:key"), Lab.OK)
            end(5)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()

            receiver.sizes shouldBe listOf(5, 3)
            accounts(sent = 0, DropReason.RATELIMIT_BACKOFF to 5)
            reported() shouldBe mapOf("ratelimit_backoff" to 2L)
        }
    }

    "One span that is too large takes others along, or is tried for ever" {
        lab {
            receiver.answer = { if ("huge" in it.names) Answer.Status(413) else Lab.OK }
            val tree = tree()
            end(4, tree)
            end(1, tree, name = "huge")
            end(4, tree)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()

            accounts(sent = 8, DropReason.SEND_ERROR to 1)
            reported() shouldBe mapOf("send_error" to 1L)
        }
    }

    listOf(301, 400, 401, 403, 404).forEach { code ->
        "Status $code is tried again, or not counted" {
            lab {
                willAnswer(Answer.Status(code))
                end(3)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
                receiver.sizes shouldBe listOf(3)
                accounts(sent = 0, DropReason.SEND_ERROR to 3)
            }
        }
    }

    mapOf(
        "A receiver in trouble" to Answer.Status(503),
        "An unreachable receiver" to unreachable,
    ).forEach { (who, answer) ->
        "$who is not tried again until it answers, or spans are counted twice" {
            lab {
                willAnswer(answer, answer, answer, Lab.OK)
                end(3)
                pipeline.awaitFlush(1.minutes).shouldBeTrue()
                receiver.sizes shouldBe listOf(3, 3, 3, 3)
                accounts(sent = 3)
                reported() shouldBe emptyMap()
            }
        }
    }

    "Attempts do not get rarer, or never end, while a receiver fails over the same spans" {
        lab {
            val times = mutableListOf<Long>()
            receiver.answer = { arrival ->
                if (arrival.spans.isNotEmpty()) times += Instant.parse(arrival.sentAt).toEpochMilli()
                Answer.Status(500)
            }
            end(3)
            pipeline.awaitFlush(10.minutes).shouldBeTrue()

            times shouldHaveSize 8
            val waits = times.zipWithNext { a, b -> b - a }
            waits.zip(listOf(500L, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000)).forEach { (wait, longest) ->
                wait shouldBeInRange longest / 2..longest
            }
            accounts(sent = 0, DropReason.SEND_ERROR to 3)
        }
    }

    "An unreachable receiver is given up while there is memory" {
        lab {
            willAnswer(unreachable)
            end(3)
            pass(120.minutes)
            accountsNothing()
            willAnswer(Lab.OK)
            pipeline.awaitFlush(1.minutes).shouldBeTrue()
            accounts(sent = 3)
        }
    }

    "A batch goes on waiting for its next attempt though newer spans want its memory" {
        lab(settings.copy(maxBufferedSpans = 1_000, senders = 1)) {
            willAnswer(unreachable)
            end(600, name = "old")
            pass(60.seconds)
            accountsNothing()
            willAnswer(Lab.OK)
            end(200, name = "new")
            pass(1.seconds)
            accounts(sent = 200, DropReason.NETWORK_ERROR to 600)
        }
    }

    "A batch that failed waits for another attempt though there is no memory to wait in" {
        lab(settings.copy(maxBufferedSpans = 1_000)) {
            willAnswer(Answer.Status(500))
            end(1_000)
            settle()
            accounts(sent = 0, DropReason.SEND_ERROR to 1_000)
        }
    }

    "A rate limit that comes while a batch waits for its next attempt is broken" {
        lab {
            willAnswer(Answer.Status(500, rateLimits = "60:span:key"))
            end(3)
            pass(10.seconds)
            receiver.sizes shouldBe listOf(3)
            accounts(sent = 0, DropReason.RATELIMIT_BACKOFF to 3)
        }
    }

    "A second attempt says that it was sent at the time of the first, or changes anything else" {
        lab {
            willAnswer(unreachable, Lab.OK)
            end(3)
            pass(10.seconds)

            val (first, second) = receiver.arrivals.map { it.text.split("\n", limit = 2) }
            receiver.arrivals.map { it.sentAt }.distinct() shouldHaveSize 2
            first[1] shouldBe second[1]
        }
    }

    "What the tracer dropped is not reported with the next envelope, or counts as accepted" {
        lab {
            pipeline.dropped(DropReason.SAMPLE_RATE, 17)
            pipeline.dropped(DropReason.IGNORED, 3)
            pipeline.dropped(DropReason.SAMPLE_RATE, 1)
            val tree = tree()
            endServiceSpan(tree)
            pass(500.milliseconds)

            receiver.arrivals.single().report shouldBe mapOf("sample_rate" to 18L, "ignored" to 3L)
            accounts(sent = 1)
        }
    }

    "Without spans a report is not sent every half minute, or is sent empty" {
        lab {
            pass(30.seconds)
            receiver.arrivals.shouldBeEmpty()
            pipeline.dropped(DropReason.SAMPLE_RATE, 2)
            pass(29.seconds)
            receiver.arrivals.shouldBeEmpty()
            pass(1.seconds)
            receiver.arrivals.single().report shouldBe mapOf("sample_rate" to 2L)
            pass(10.minutes)
            receiver.arrivals shouldHaveSize 1
        }
    }

    "A report is lost with its envelope, or told twice" {
        lab {
            willAnswer(unreachable, Answer.Status(500), Answer.Status(429, rateLimits = "1:span:key"), Lab.OK)
            pipeline.dropped(DropReason.SAMPLE_RATE, 5)
            end(1)
            pass(20.seconds)
            receiver.arrivals.map { it.report["sample_rate"] } shouldBe listOf(5L, 5L, 5L)
            pass(20.seconds)
            receiver.arrivals.drop(3).map { it.report } shouldBe listOf(mapOf("sample_rate" to 5L))
        }
    }

    mapOf(
        "throws" to InstantSource { throw StackOverflowError() },
        "has no time to tell" to clockOfNothing,
    ).forEach { (what, hostile) ->
        "A clock that $what costs spans, reports, or what comes after it" {
            lab {
                clock = hostile
                pipeline.dropped(DropReason.SAMPLE_RATE, 5)
                pass(30.seconds)
                reported() shouldBe mapOf("sample_rate" to 5L)
                willAnswer(Answer.Status(429, retryAfter = "Thu, 01 Jan 1970 00:00:00 GMT"), Lab.OK)
                end(1)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
                end(2)
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
                accounts(sent = 2, DropReason.RATELIMIT_BACKOFF to 1)
            }
        }
    }

    "Somebody who wants no reports gets them" {
        lab(settings.copy(sendClientReports = false)) {
            pipeline.dropped(DropReason.SAMPLE_RATE, 5)
            accept(FakeSpan(tree(), own = mapOf("bad" to Any())))
            end(1)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            pass(1.minutes)
            reported() shouldBe emptyMap()
            accounts(sent = 1, DropReason.INTERNAL_SDK_ERROR to 1)
        }
    }

    "A trace that cannot be sent costs a sender, or is not counted" {
        lab {
            val hostile = object : AbstractMap<String, String>() {
                override val entries: Set<Map.Entry<String, String>> get() = throw LinkageError("hostile")
            }
            // More often than there are senders.
            repeat(20) { end(1, tree().apply { dsc = hostile }) }
            end(1)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(sent = 1, DropReason.INTERNAL_SDK_ERROR to 20)
        }
    }
})

private fun Lab.accountsNothing() {
    pipeline.stats().sent shouldBe 0
    pipeline.stats().dropped shouldBe emptyMap()
}

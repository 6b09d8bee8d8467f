package dev.spanstream.pipeline

import dev.spanstream.envelope.FakeSpan
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val small = settings.copy(maxBufferedSpans = 1_000)

class CeilingTest : StringSpec({
    "More spans of one tree are kept than may be, or fewer" {
        lab(small) {
            end(1_500)
            pipeline.stats().dropped shouldBe mapOf(DropReason.BUFFER_OVERFLOW to 500L)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(sent = 1_000, DropReason.BUFFER_OVERFLOW to 500)
        }
    }

    "More trees are kept than may be, or fewer" {
        lab(small) {
            repeat(1_500) { end(1) }
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(sent = 1_000, DropReason.BUFFER_OVERFLOW to 500)
        }
    }

    "Spans under way have their places given to others, or places are kept that no span needs" {
        lab(small) {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            // Five spans have taken six places.
            repeat(100) { end(5) }
            settle()
            repeat(600) { end(1) }
            settle()
            pipeline.stats().dropped shouldBe mapOf(DropReason.BUFFER_OVERFLOW to 100L)
            gate.complete(Unit)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(sent = 1_000, DropReason.BUFFER_OVERFLOW to 100)
        }
    }

    "A way in which spans end does not give their places back" {
        lab(small.copy(maxBufferedBytes = 2_000_000)) {
            val answers = listOf(
                Answer.Status(200),
                Answer.Status(400),
                Answer.Status(413),
                Answer.Status(500),
                Answer.Status(429, rateLimits = "5:span:key"),
                // The limit still stands here.
                Answer.Status(200),
            )
            for (answer in answers) {
                receiver.answer = { answer }
                end(900)
                settle()
                repeat(100) { accept(FakeSpan(tree(), own = mapOf("bad" to Any()))) }
                pipeline.awaitFlush(10.seconds).shouldBeTrue()
            }
            pass(5.seconds)
            end(1_000)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(
                sent = 1_900,
                DropReason.SEND_ERROR to 2_700,
                DropReason.RATELIMIT_BACKOFF to 2_000,
                DropReason.INTERNAL_SDK_ERROR to 400,
            )
        }
    }

    "More bytes are kept than may be, or fewer" {
        val large = mapOf("text" to "x".repeat(100_000))
        val size = FakeSpan(own = large).estimatedBytes
        lab(settings.copy(maxBufferedBytes = size * 10)) {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            repeat(15) { accept(FakeSpan(tree(), own = large)) }
            settle()
            pipeline.stats().dropped shouldBe mapOf(DropReason.BUFFER_OVERFLOW to 5L)
            // Not one more, as long as nothing is answered.
            end(1)
            pipeline.stats().dropped shouldBe mapOf(DropReason.BUFFER_OVERFLOW to 6L)
            gate.complete(Unit)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            accounts(sent = 10, DropReason.BUFFER_OVERFLOW to 6)
        }
    }

    "Memory gets tight, and the oldest spans are not sent first or not at once" {
        lab(small) {
            val order = listOf("first", "second", "third").map { it to tree() }
            order.forEach { (name, tree) -> end(200, tree, name).also { pass(100.milliseconds) } }
            receiver.sizes.shouldBeEmpty()
            end(150, order.last().second, "third")
            settle()
            receiver.names.map { it.first() } shouldBe listOf("first", "second", "third")
            accounts(sent = 750)
        }
    }

    "Memory gets tight once more, and nobody is alarmed" {
        lab(small) {
            repeat(3) { round ->
                end(750)
                settle()
                accounts(sent = 750L * (round + 1))
            }
        }
    }

    "Memory stays tight, and a sender that is free waits for the next tick" {
        lab(small.copy(senders = 2)) {
            receiver.answer = {
                delay(10.milliseconds)
                Lab.OK
            }
            repeat(40) { end(20) }
            pass(25.milliseconds)
            receiver.sizes shouldHaveSize 6
        }
    }

    "Memory is not tight, and spans are sent before their time" {
        lab(small) {
            end(749)
            pass(4.seconds)
            receiver.sizes.shouldBeEmpty()
        }
    }

    "Memory is tight, and batches are made smaller than senders can take them" {
        lab(small.copy(senders = 1)) {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            val tree = tree()
            end(800, tree)
            settle()
            repeat(20) {
                end(10, tree)
                pass(100.milliseconds)
            }
            gate.complete(Unit)
            pipeline.awaitFlush(10.seconds).shouldBeTrue()
            // One under way, one ready, and all others together.
            receiver.sizes shouldBe listOf(800, 10, 190)
            accounts(sent = 1_000)
        }
    }
})

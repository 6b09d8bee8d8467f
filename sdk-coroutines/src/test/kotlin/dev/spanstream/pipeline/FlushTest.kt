package dev.spanstream.pipeline

import dev.spanstream.Dsn
import dev.spanstream.envelope.FakeSpan
import dev.spanstream.envelope.FakeTree
import dev.spanstream.sink.DropReason
import dev.spanstream.transport.Answer
import dev.spanstream.transport.Endpoint
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.jsonPrimitive
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

@OptIn(ExperimentalCoroutinesApi::class)
class FlushTest : StringSpec({
    "A flush says that all has been sent when nobody batches any more" {
        runTest {
            var isBroken = false
            val time = object : TimeSource.WithComparableMarks {
                override fun markNow(): ComparableTimeMark {
                    check(!isBroken)
                    return TimeSource.Monotonic.markNow()
                }
            }
            val pipeline = StreamingPipeline(
                Endpoint.of(Dsn.parse("http://key@h/1")),
                settings,
                FakeReceiver(),
                StandardTestDispatcher(testScheduler),
                time,
            )
            isBroken = true
            runCurrent()
            pipeline.awaitFlush(1.seconds).shouldBeFalse()
            pipeline.awaitClose(1.seconds)
        }
    }

    "A flush does not send everything at once, each trace by itself" {
        lab {
            repeat(3) { end(2) }
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            receiver.sizes shouldBe listOf(2, 2, 2)
            accounts(sent = 6)
        }
    }

    "A flush does not wait for a batch that was under way before" {
        lab {
            val gate = CompletableDeferred<Unit>()
            receiver.answer = { gate.await().let { Lab.OK } }
            end(1)
            pass(5.seconds)
            receiver.sizes shouldBe listOf(1)

            coroutineScope {
                val flush = async { pipeline.awaitFlush(1.minutes) }
                settle()
                flush.isCompleted.shouldBeFalse()
                gate.complete(Unit)
                flush.await().shouldBeTrue()
            }
            accounts(sent = 1)
        }
    }

    "A flush that takes too long says yes, or takes the spans with it" {
        lab {
            receiver.answer = { Answer.Status(500) }
            end(1)
            pipeline.awaitFlush(2.seconds).shouldBeFalse()
            receiver.answer = { Lab.OK }
            pass(1.minutes)
            accounts(sent = 1)
        }
    }

    "A flush of nothing sends something, or takes time" {
        lab {
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            receiver.arrivals.shouldBeEmpty()
        }
    }

    "A flush does not send the report, or not with what was dropped on the way" {
        lab {
            pipeline.dropped(DropReason.SAMPLE_RATE, 2)
            receiver.answer = { if (it.spans.isEmpty()) Lab.OK else Answer.Status(400) }
            end(3)
            pipeline.awaitFlush(1.seconds).shouldBeTrue()
            receiver.arrivals.last().report shouldBe mapOf("sample_rate" to 2L, "send_error" to 3L)
        }
    }

    "Flushes at the same time wait for each other, or send twice" {
        lab {
            end(5)
            coroutineScope {
                val flushes = List(3) { async { pipeline.awaitFlush(1.seconds) } }
                flushes.forEach { it.await().shouldBeTrue() }
            }
            receiver.sizes shouldBe listOf(5)
        }
    }

    "A thread that is interrupted in a flush gets an exception, or loses the interrupt" {
        val gate = CompletableDeferred<Unit>()
        val receiver = FakeReceiver { gate.await().let { Lab.OK } }
        val pipeline = StreamingPipeline(Endpoint.of(Dsn.parse("http://key@h/1")), settings, receiver, Dispatchers.IO)
        pipeline.accept(FakeSpan())
        Thread.currentThread().interrupt()
        val flushed = pipeline.flush(Duration.ofSeconds(10))
        val interrupted = Thread.interrupted()
        gate.complete(Unit)
        pipeline.close(Duration.ofSeconds(10))

        flushed.shouldBeFalse()
        interrupted.shouldBeTrue()
        receiver.sizes shouldBe listOf(1)
    }

    // Two threads end spans of one tree. A: adds the first span of the chunk, but has not posted the
    // chunk yet. B: adds the second one, has nothing to post, returns, flushes. Were posting not under
    // the lock of the chunk, the flush would find an empty mailbox and say yes. The threads spin, so
    // that they start within a few instructions of each other.
    "A flush misses a span that its own thread has ended before" {
        val receiver = FakeReceiver()
        val pipeline = StreamingPipeline(Endpoint.of(Dsn.parse("http://key@h/1")), settings, receiver, Dispatchers.IO)
        val rounds = 2_000
        val trees = List(rounds) { FakeTree(it.toLong()) }
        val other = List(rounds) { FakeSpan(trees[it], id = 1) }
        val mine = List(rounds) { FakeSpan(trees[it], id = 2) }
        val begun = AtomicInteger(-1)
        val ended = AtomicInteger(-1)
        val thread = thread {
            repeat(rounds) { round ->
                while (begun.get() < round) Thread.onSpinWait()
                pipeline.accept(other[round])
                ended.set(round)
            }
        }
        repeat(rounds) { round ->
            begun.set(round)
            pipeline.accept(mine[round])
            pipeline.flush(Duration.ofSeconds(30)).shouldBeTrue()
            while (ended.get() < round) Thread.onSpinWait()
            withClue("Round $round") { receiver.spanIdsOf(trees[round]) shouldContain mine[round].spanId }
        }
        thread.join()
        pipeline.close(Duration.ofSeconds(30))
        pipeline.stats().sent shouldBe 2L * rounds
    }
})

/** Looks from the end, where the newest are. */
private fun FakeReceiver.spanIdsOf(tree: FakeTree): List<String> =
    arrivals
        .takeLast(3)
        .flatMap { it.spans }
        .filter { it.getValue("trace_id").jsonPrimitive.content == tree.traceId }
        .map { it.getValue("span_id").jsonPrimitive.content }

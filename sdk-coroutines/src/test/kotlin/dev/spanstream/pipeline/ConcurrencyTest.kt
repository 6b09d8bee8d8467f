package dev.spanstream.pipeline

import dev.spanstream.Dsn
import dev.spanstream.envelope.FakeSpan
import dev.spanstream.envelope.FakeTree
import dev.spanstream.transport.Answer
import dev.spanstream.transport.Endpoint
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

private const val THREADS = 8

private fun pipeline(receiver: FakeReceiver, settings: PipelineSettings) =
    StreamingPipeline(
        Endpoint.of(Dsn.parse("http://key@h/1")),
        settings,
        receiver,
        Dispatchers.IO.limitedParallelism(2),
    )

/** Ends spans in trees of which some are shared by all threads; returns when all are accepted. */
private fun StreamingPipeline.endFromAllThreads(treesEach: Int, spansEach: Int): Long {
    val accepted = AtomicLong()
    val shared = List(treesEach) { FakeTree(trace = -1L - it) }
    val producers = List(THREADS) { number ->
        thread {
            repeat(treesEach) { index ->
                val own = FakeTree(trace = number * 1_000_000L + index)
                repeat(spansEach) { span ->
                    accept(FakeSpan(if (span % 4 == 0) shared[index] else own, serviceSpan = span == spansEach - 1))
                    accepted.incrementAndGet()
                }
            }
        }
    }
    producers.forEach(Thread::join)
    return accepted.get()
}

class ConcurrencyTest : StringSpec({
    // Producers add to a chunk while the batcher fetches it: a span that falls between the two, or is
    // seen by both, shows in the sums.
    "Spans of many threads and traces are lost, doubled or put into foreign envelopes" {
        val receiver = FakeReceiver()
        val pipeline = pipeline(
            receiver,
            settings.copy(
                maxBufferedSpans = 1_000_000,
                maxBufferedBytes =
                    Long.MAX_VALUE / 2,
            ),
        )
        val accepted = pipeline.endFromAllThreads(treesEach = 300, spansEach = 20)

        pipeline.flush(Duration.ofSeconds(60)).shouldBeTrue()
        pipeline.stats().sent shouldBe accepted
        pipeline.stats().dropped.shouldBeEmpty()
        receiver.sizes.sum() shouldBe accepted.toInt()
        receiver.arrivals.forEach {
            it.spans
                .map { span -> span.getValue("trace_id") }
                .distinct()
                .size shouldBe 1
        }
        pipeline.close(Duration.ofSeconds(10))
    }

    // A ceiling that producers hit all the time, and a receiver with every kind of answer: each way out
    // of the pipeline is taken, by several threads at once.
    "Spans are lost or doubled in the books when everything goes wrong at once" {
        val calls = AtomicInteger()
        val receiver = FakeReceiver { arrival ->
            when (calls.incrementAndGet() % 5) {
                0 -> Answer.None(IOException("gone"))
                1 -> Answer.Status(500)
                2 -> if (arrival.spans.size > 100) Answer.Status(413) else Answer.Status(200)
                3 -> Answer.Status(400)
                else -> Answer.Status(200)
            }
        }
        val pipeline = pipeline(receiver, settings.copy(maxBufferedSpans = 1_000))
        val accepted = pipeline.endFromAllThreads(treesEach = 10, spansEach = 200)

        pipeline.flush(Duration.ofSeconds(60)).shouldBeTrue()
        val stats = pipeline.stats()
        stats.sent + stats.dropped.values.sum() shouldBe accepted
        pipeline.close(Duration.ofSeconds(10))
    }

    // A thread is about to post its chunk when the mailbox closes: the chunk must end in the last fetch
    // of the batcher or be counted by the thread, not neither, not both.
    "A span that ends during the close is lost or counted twice" {
        repeat(50) {
            val pipeline = pipeline(FakeReceiver(), settings)
            val underWay = CountDownLatch(THREADS)
            val accepted = AtomicLong()
            val producers = List(THREADS) { number ->
                thread {
                    repeat(200) { index ->
                        pipeline.accept(FakeSpan(FakeTree(trace = number * 1_000L + index / 3)))
                        accepted.incrementAndGet()
                        if (index == 50) underWay.countDown()
                    }
                }
            }
            underWay.await()
            pipeline.close(Duration.ofMillis(5))
            producers.forEach(Thread::join)

            val stats = pipeline.stats()
            stats.sent + stats.dropped.values.sum() shouldBe accepted.get()
        }
    }

    // The close runs out of patience while the batcher puts thousands of batches into the spool, one after the
    // other: what it has in hand must not be put there, or counted, once more.
    "What is left at a hasty close is spooled or counted twice" {
        repeat(3) {
            val directory = tempdir().toPath()
            val receiver = FakeReceiver { Answer.None(IOException("gone")) }
            val pipeline = pipeline(receiver, settings.copy(spoolDirectory = directory, maxBufferedSpans = 20_000))
            val accepted = pipeline.endFromAllThreads(treesEach = 400, spansEach = 4)
            pipeline.close(Duration.ofMillis(1))

            // What is just being written is entered when that is done.
            eventually(10.seconds) {
                val stats = pipeline.stats()
                stats.sent + stats.spooled + stats.dropped.values.sum() shouldBe accepted
            }
        }
    }
})

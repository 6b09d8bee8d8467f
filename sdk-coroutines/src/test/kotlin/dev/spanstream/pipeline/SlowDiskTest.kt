package dev.spanstream.pipeline

import dev.spanstream.Dsn
import dev.spanstream.envelope.FakeSpan
import dev.spanstream.sink.SinkStats
import dev.spanstream.transport.Endpoint
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.milliseconds

private fun isWriting() =
    StackWalker.getInstance().walk { frames ->
        frames.anyMatch { it.className == Spool::class.java.name && it.methodName.startsWith("write") }
    }

class SlowDiskTest : StringSpec({
    "What a close had no time to write is not waited for by another close, a flush, or the hook of the process" {
        val sending = CountDownLatch(1)
        val disk = CountDownLatch(1)
        val pipeline = StreamingPipeline(
            Endpoint.of(Dsn.parse("http://key@h/1")),
            settings.copy(flushInterval = 1.milliseconds, spoolDirectory = tempdir().toPath()),
            FakeReceiver {
                sending.countDown()
                awaitCancellation()
            },
            Dispatchers.IO,
            clock = {
                // The disk is as slow as the clock that a file is named by.
                if (isWriting()) disk.await()
                Instant.now()
            },
        )
        var isDone = false
        pipeline.onClosed { isDone = true }
        try {
            pipeline.accept(FakeSpan())
            sending.await()
            pipeline.close(Duration.ZERO)
            pipeline.stats() shouldBe SinkStats(0, 0, emptyMap())
            pipeline.flush(Duration.ofMillis(100)) shouldBe false
            isDone shouldBe false

            val closing = Thread.currentThread()
            thread {
                while (closing.state != Thread.State.TIMED_WAITING && disk.count > 0) Thread.onSpinWait()
                disk.countDown()
            }
            pipeline.close(Duration.ofMinutes(5))
            pipeline.stats() shouldBe SinkStats(0, 1, emptyMap())
            isDone shouldBe true
        } finally {
            disk.countDown()
        }
    }
})

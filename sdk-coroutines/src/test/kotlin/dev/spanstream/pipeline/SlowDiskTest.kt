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

private fun isWriting() =
    StackWalker.getInstance().walk { frames ->
        frames.anyMatch { it.className == Spool::class.java.name && it.methodName.startsWith("write") }
    }

class SlowDiskTest : StringSpec({
    "Another close does not wait for what the first had no time to write, or it is in no account" {
        val disk = CountDownLatch(1)
        val pipeline = StreamingPipeline(
            Endpoint.of(Dsn.parse("http://key@h/1")),
            settings.copy(spoolDirectory = tempdir().toPath()),
            FakeReceiver { awaitCancellation() },
            Dispatchers.IO,
            clock = {
                // The disk is as slow as the clock that a file is named by.
                if (isWriting()) disk.await()
                Instant.now()
            },
        )
        try {
            pipeline.accept(FakeSpan())
            pipeline.close(Duration.ZERO)
            pipeline.stats() shouldBe SinkStats(0, 0, emptyMap())

            val closing = Thread.currentThread()
            thread {
                while (closing.state != Thread.State.TIMED_WAITING && disk.count > 0) Thread.onSpinWait()
                disk.countDown()
            }
            pipeline.close(Duration.ofMinutes(5))
            pipeline.stats() shouldBe SinkStats(0, 1, emptyMap())
        } finally {
            disk.countDown()
        }
    }
})

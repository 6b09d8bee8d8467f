package dev.spanstream.pipeline

import dev.spanstream.Tracer
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.util.concurrent.locks.LockSupport

/** How long the producer goes on; a minute with `-Dspanstream.test.memory.seconds=60`. */
private val SECONDS = Integer.getInteger("spanstream.test.memory.seconds", 5)
private const val MIB = 1024L * 1024
private const val CEILING = 64 * MIB
private const val BESIDE = 32 * MIB

class MemoryTest : StringSpec({
    "A receiver that is gone takes more memory than the ceiling and 32 MiB, or the application's" {
        // No server listens there.
        val port = FaultyReceiver { _, _ -> Fault.NONE }.use { it.port }
        val options = listOf("-Xmx${(CEILING + BESIDE) / MIB}m", "-XX:+ExitOnOutOfMemoryError")
        ChildJvm(EndlessProducer::class, listOf("$port", "$SECONDS"), options).use { child ->
            child.output.readLine() shouldStartWith "accounts add up: true"
            child.awaitEnd(minutes = 1) shouldBe 0
        }
    }
})

/** Ends 100,000 spans a second, whatever becomes of them. */
internal object EndlessProducer {
    private const val PER_MILLISECOND = 100
    private const val NANOS_PER_MILLISECOND = 1_000_000L

    @JvmStatic
    fun main(arguments: Array<String>) {
        val (port, seconds) = arguments.map(String::toInt)
        val tracer = Tracer.create { options ->
            options.dsn = "http://key@127.0.0.1:$port/1"
            options.tracesSampleRate = 1.0
            options.maxBufferedBytes = CEILING
            // So that the ceiling on bytes is the one that counts.
            options.maxBufferedSpans = 10_000_000
            options.enableBackpressureHandling = false
        }
        val start = System.nanoTime()
        val spent = LongArray(seconds)
        for (millisecond in 0 until seconds * 1_000L) {
            val due = start + millisecond * NANOS_PER_MILLISECOND
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime())
            val before = System.nanoTime()
            tracer.endSpans()
            spent[(millisecond / 1_000).toInt()] += System.nanoTime() - before
        }
        tracer.closeAndSettle()
        val stats = tracer.stats()
        val balanced = stats.ended() == stats.sent() + stats.droppedTotal() && stats.ended() == stats.started()
        println("accounts add up: $balanced, nanoseconds a span in each second: ${spent.map { it / 100_000 }}")
        System.err.println("$stats ${spent.map { it / 100_000 }}")
    }

    private fun Tracer.endSpans() {
        dev.spanstream.Traces.newTrace()
        startSpan("request").use {
            repeat(PER_MILLISECOND - 1) { number ->
                startSpan("step").use { span -> span.setAttribute("step.number", number.toLong()) }
            }
        }
    }
}

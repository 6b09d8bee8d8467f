package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.coroutines.withNewTrace
import dev.spanstream.coroutines.withSpan
import dev.spanstream.streaming.StreamingSinkProvider
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.time.Duration
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** How long; ten minutes with `-Dspanstream.test.soak.seconds=600`. */
private val SECONDS = Integer.getInteger("spanstream.test.soak.seconds", 3)
private const val ROUNDS = 6
private const val WORKERS = 16
private val PAUSE = 20.milliseconds
private val OTHERS = listOf("DefaultDispatcher", "receiver")
private const val FEW = 4
private const val SLACK = 24L * 1024 * 1024

class SoakTest : StringSpec({
    // In turns the receiver works, fails, and hangs; there are threads and coroutines, small traces and large ones.
    "Mixed load takes more and more memory or threads, or spans are lost without a count".config(
        timeout = SECONDS.seconds + 5.minutes,
    ) {
        FaultyReceiver(remembers = false) { number, _ ->
            when (number / 50 % 6) {
                3 -> Fault.Respond(503)
                5 -> if (number % 10 == 0) Fault.Hang else Fault.NONE
                else -> Fault.NONE
            }
        }.use { receiver ->
            val tracer = Traces.init { options ->
                options.dsn = "http://key@127.0.0.1:${receiver.port}/1"
                options.tracesSampleRate = 0.9
                options.spoolDirectory = tempdir().toPath()
                options.sinkProvider = StreamingSinkProvider(::impatientClient)
            }
            val usage = List(ROUNDS) {
                tracer.load(SECONDS.seconds / ROUNDS)
                tracer.flush(Duration.ofSeconds(2))
                Usage.now()
            }
            Traces.close()
            tracer.closeAndSettle()
            val stats = tracer.stats()
            withClue("$usage $stats") {
                usage.last().heap shouldBeLessThan usage[1].heap + SLACK
                usage.last().threads shouldBeLessThanOrEqual usage[1].threads + FEW
                stats.ended() shouldBe stats.started()
                stats.ended() shouldBe stats.sent() + stats.spooled() + stats.droppedTotal()
            }
            println("$usage $stats")
        }
    }
})

/** Without the test's own, and those of kotlinx.coroutines, which makes as many as it likes up to a limit. */
private fun threads(): Int =
    Thread
        .getAllStackTraces()
        .keys
        .count { thread -> OTHERS.none(thread.name::startsWith) }

private data class Usage(val heap: Long, val threads: Int) {
    companion object {
        fun now(): Usage {
            repeat(3) { System.gc() }
            val runtime = Runtime.getRuntime()
            return Usage(runtime.totalMemory() - runtime.freeMemory(), threads())
        }
    }
}

private fun Tracer.load(time: kotlin.time.Duration) =
    runBlocking(Dispatchers.Default) {
        val end = TimeSource.Monotonic.markNow() + time
        repeat(WORKERS) { worker ->
            launch {
                val random = Random(worker)
                while (end.hasNotPassedNow()) {
                    withNewTrace { request(random) }
                    delay(PAUSE)
                }
            }
        }
    }

private suspend fun Tracer.request(random: Random) {
    Traces.setAttribute("tenant", random.nextInt(100))
    withSpan("request") {
        repeat(random.nextInt(1, 200)) { number ->
            startSpan("step $number").use { it.setAttribute("text", "x".repeat(random.nextInt(100))) }
            if (number % 50 == 0) withContext(Dispatchers.IO) { yield() }
        }
        launch { withSpan("aside") { yield() } }
    }
}

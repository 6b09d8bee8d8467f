package dev.spanstream.pipeline

import dev.spanstream.Tracer
import dev.spanstream.TracingOptions
import dev.spanstream.sink.DropReason
import dev.spanstream.streaming.StreamingSinkProvider
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.java.Java
import io.ktor.client.plugins.HttpTimeout
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.minutes

/** How many spans in all; a million with `-Dspanstream.test.spans=1000000`. */
internal val SPANS = Integer.getInteger("spanstream.test.spans", 20_000)
private const val THREADS = 8
private const val SPANS_PER_TRACE = 100

/**
 * Does not wait long for a receiver that hangs. Too little would not do: what is answered too late counts as
 * not answered, which is not what is looked for here.
 */
internal fun impatientClient() =
    HttpClient(Java) {
        install(HttpTimeout) { requestTimeoutMillis = 10_000 }
        followRedirects = false
    }

private fun tracer(dsn: String, configure: TracingOptions.() -> Unit = {}) =
    Tracer.create { options ->
        options.dsn = dsn
        options.tracesSampleRate = 1.0
        options.enableBackpressureHandling = false
        options.sinkProvider = StreamingSinkProvider(::impatientClient)
        options.configure()
    }

private fun dsn(port: Int) = "http://key@127.0.0.1:$port/1"

/** Ends all spans, from all threads; where [unhurried], no faster than they can be delivered. */
private fun Tracer.endSpans(unhurried: Boolean = false, afterTrace: (Int) -> Unit = {}) {
    val traces = AtomicInteger()
    List(THREADS) {
        thread {
            while (true) {
                val number = traces.incrementAndGet()
                if (number > SPANS / SPANS_PER_TRACE) break
                while (unhurried && stats().buffered() > UNHURRIED) LockSupport.parkNanos(PACE)
                endTrace(number)
                afterTrace(number)
            }
        }
    }.forEach(Thread::join)
}

private fun Tracer.endTrace(number: Int) {
    val trace = "%032x".format(number)
    dev.spanstream.Traces.isolate().use {
        continueTrace(mapOf("sentry-trace" to "$trace-00f067aa0ba902b7-1"))
        startSpan("request").use {
            repeat(SPANS_PER_TRACE - 1) { step ->
                startSpan("step").use { span -> span.setAttribute("step.number", step.toLong()) }
            }
        }
    }
}

private const val UNHURRIED = 5_000
private const val PACE = 1_000_000L

/** After the tracer is closed nothing is open or on its way. */
private fun Tracer.balance(received: Long, reasons: Set<DropReason>) {
    val stats = stats()
    withClue("$stats, and $received received") {
        stats.started() shouldBe SPANS.toLong()
        stats.ended() shouldBe stats.started()
        stats.buffered() shouldBe 0
        stats.sent() shouldBe received
        received + stats.spooled() + stats.droppedTotal() shouldBe stats.ended()
        stats.dropped().keys.forEach { it shouldBeIn reasons }
    }
}

/**
 * Eight threads end spans while the receiver misbehaves, over a real socket: what was ended has been
 * received, or counted.
 */
class FaultTest : StringSpec({
    fun whatever(
        fault: String,
        vararg reasons: DropReason,
        plan: (number: Int, bytes: Int) -> Fault,
    ) = "A receiver that $fault makes spans be lost without a count, or counted twice" {
        FaultyReceiver(plan = plan).use { receiver ->
            val tracer = tracer(dsn(receiver.port)) { shutdownTimeout = Duration.ofSeconds(10) }
            tracer.endSpans()
            tracer.flush(Duration.ofSeconds(10))
            tracer.close()
            tracer.balance(receiver.accepted, reasons.toSet() + DropReason.BUFFER_OVERFLOW)
        }
    }

    whatever("works") { _, _ -> Fault.NONE }

    whatever("answers 429 and says no more", DropReason.RATELIMIT_BACKOFF) { number, _ ->
        if (number < 20) Fault.NONE else Fault.Respond(429)
    }

    whatever("answers 429 for a second, now and then", DropReason.RATELIMIT_BACKOFF) { number, _ ->
        if (number % 30 != 0) Fault.NONE else Fault.Respond(429, mapOf("X-Sentry-Rate-Limits" to "1:span:key"))
    }

    whatever("answers 413 to large bodies") { _, bytes -> if (bytes < 1_500) Fault.NONE else Fault.Respond(413) }

    whatever("fails now and then", DropReason.SEND_ERROR) { number, _ ->
        if (number % 4 > 0) Fault.NONE else Fault.Respond(503)
    }

    whatever("does not take any", DropReason.SEND_ERROR) { _, _ -> Fault.Respond(400) }

    whatever("is slow") { _, _ -> Fault.Respond(200, afterMillis = 50) }

    whatever("hangs now and then", DropReason.NETWORK_ERROR) { number, _ ->
        if (number % 10 == 0) Fault.Hang else Fault.NONE
    }

    whatever("resets connections in the middle of a body", DropReason.NETWORK_ERROR) { number, _ ->
        if (number % 5 == 0) Fault.Reset else Fault.NONE
    }

    whatever("announces a longer answer than it gives") { number, _ ->
        if (number % 3 == 0) Fault.WrongLength else Fault.NONE
    }

    "A receiver that speaks no TLS makes spans be lost without a count" {
        FaultyReceiver { _, _ -> Fault.NONE }.use { receiver ->
            val tracer = tracer("https://key@127.0.0.1:${receiver.port}/1")
            tracer.endSpans()
            tracer.close()
            tracer.balance(received = 0, setOf(DropReason.NETWORK_ERROR, DropReason.BUFFER_OVERFLOW))
        }
    }

    "A receiver that has no address makes spans be lost without a count" {
        val tracer = tracer("http://key@receiver.invalid/1")
        tracer.endSpans()
        tracer.close()
        tracer.balance(received = 0, setOf(DropReason.NETWORK_ERROR, DropReason.BUFFER_OVERFLOW))
    }

    fun passing(fault: String, plan: (number: Int, bytes: Int) -> Fault) =
        "With a spool, a receiver that $fault makes spans be dropped" {
            FaultyReceiver(plan = plan).use { receiver ->
                val tracer = tracer(dsn(receiver.port)) { spoolDirectory = tempdir().toPath() }
                tracer.endSpans(unhurried = true)
                tracer.flush(Duration.ofSeconds(60))
                eventually(5.minutes) { tracer.stats().spooled() shouldBe 0 }
                tracer.close()
                tracer.balance(receiver.accepted, reasons = emptySet())
                tracer.stats().dropped().shouldBeEmpty()
            }
        }

    passing("fails for a while") { number, _ -> if (number < 30) Fault.Respond(503) else Fault.NONE }

    passing("hangs for a while") { number, _ -> if (number < 20) Fault.Hang else Fault.NONE }

    passing("resets connections for a while") { number, _ -> if (number < 30) Fault.Reset else Fault.NONE }

    "With a spool, a receiver that refuses connections for a while makes spans be dropped" {
        val port = FaultyReceiver { _, _ -> Fault.NONE }.use { it.port }
        lateinit var receiver: FaultyReceiver
        val tracer = tracer(dsn(port)) { spoolDirectory = tempdir().toPath() }
        tracer.endSpans(unhurried = true) { trace ->
            if (trace == SPANS / SPANS_PER_TRACE / 10) receiver = FaultyReceiver(port) { _, _ -> Fault.NONE }
        }
        tracer.flush(Duration.ofSeconds(60))
        eventually(5.minutes) { tracer.stats().spooled() shouldBe 0 }
        tracer.close()
        receiver.close()
        receiver.accepted shouldBeGreaterThan 0
        tracer.balance(receiver.accepted, reasons = emptySet())
        tracer.stats().dropped().shouldBeEmpty()
    }
})

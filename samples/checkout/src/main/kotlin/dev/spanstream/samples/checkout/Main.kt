package dev.spanstream.samples.checkout

import dev.spanstream.TracerStats
import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.samples.inbox.Inbox
import dev.spanstream.sink.DropReason
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.time.Duration
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.seconds

/**
 * Runs both services and sends them orders. Spans go to an inbox in this process, which prints the
 * traces and shows them on a page; with `SENTRY_DSN` set they go there instead.
 *
 * Arguments: `--once` sends a few orders and exits, with 0 only if every sampled span was accepted; a number
 * says how many orders. Without `--once` it goes on until it is stopped.
 */
public fun main(arguments: Array<String>) {
    val run = Run.parse(arguments)
    val ownInbox = if (System.getenv("SENTRY_DSN").isNullOrBlank()) Inbox.start { print = run.livePrinter() } else null
    if (!run.once) ownInbox?.let { println("See them at ${it.pageUrl}") }
    initTracing {
        ownInbox?.let { dsn = it.dsn }
        release = release ?: "checkout@0.1.0"
        tracesSampleRate = tracesSampleRate ?: 1.0
    }
    val failure =
        runBlocking {
            Checkout().use { checkout ->
                Driver(checkout.storefrontUrl).use { driver ->
                    drive(driver, run)
                }
            }
            Traces.flush(FLUSH)
            run.complaint(Traces.tracer().stats(), ownInbox)
        }
    if (run.printsAtEnd) {
        ownInbox?.traces()?.forEach { println(it.tree()) }
    }
    println(Traces.tracer().stats())
    Traces.close()
    ownInbox?.close()
    failure?.let { println("FAILED: $it") }
    exitProcess(if (failure == null) 0 else 1)
}

private suspend fun drive(driver: Driver, run: Run) {
    do {
        driver.order(run.orders)
        if (!run.once) {
            delay(1.seconds)
        }
    } while (!run.once)
}

/** What does not add up, or null if every span that was sampled has been accepted. */
private fun Run.complaint(stats: TracerStats, inbox: Inbox?): String? {
    val sampled = stats.ended() - (stats.dropped()[DropReason.SAMPLE_RATE] ?: 0)
    return when {
        stats.open() != 0L -> {
            "${stats.open()} spans were left open"
        }

        stats.sent() != sampled -> {
            "of $sampled sampled spans only ${stats.sent()} were sent"
        }

        inbox == null -> {
            null
        }

        inbox.acceptedSpanCount() != stats.sent() -> {
            "of ${stats.sent()} spans the inbox accepted ${inbox.acceptedSpanCount()}"
        }

        inbox.rejections().isNotEmpty() -> {
            "rejected: ${inbox.rejections().first()}"
        }

        inbox.warnings().isNotEmpty() -> {
            "accepted, but: ${inbox.warnings().first()}"
        }

        else -> {
            null
        }
    }
}

private val FLUSH: Duration = Duration.ofSeconds(30)

package dev.spanstream.samples.checkout

import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.samples.common.Receiver
import dev.spanstream.samples.common.StopSignal
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.time.Duration
import java.util.function.BooleanSupplier
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.seconds

/**
 * Runs both services and sends them orders. Spans go to an inbox in this process, which prints the
 * traces and shows them on a page; with `SENTRY_DSN` set they go there instead.
 *
 * Arguments: `--once` sends a few orders and exits, with 0 only if every sampled span was accepted; a number
 * says how many orders. Without `--once` it goes on until it is stopped, by Ctrl-C for example; the orders under way
 * are finished then.
 */
public fun main(arguments: Array<String>) {
    val run = Run.parse(arguments)
    val stop = StopSignal.listen()
    val receiver = Receiver.choose(isLive = !run.once)
    if (!run.once) receiver.pageUrl?.let { println("See them at $it") }
    val tracer =
        initTracing {
            dsn = receiver.dsn
            release = release ?: "checkout@0.1.0"
            tracesSampleRate = tracesSampleRate ?: 1.0
        }
    runBlocking {
        Checkout().use { checkout ->
            Driver(checkout.storefrontUrl, stop).use { driver ->
                drive(driver, run, stop)
            }
        }
    }
    Traces.flush(FLUSH)
    Traces.close()
    val exitCode = receiver.report(tracer.stats(), run.mostTraces)
    receiver.close()
    exitProcess(exitCode)
}

private suspend fun drive(driver: Driver, run: Run, stop: BooleanSupplier) {
    do {
        driver.order(run.orders)
        val goesOn = !run.once && !stop.asBoolean
        if (goesOn) {
            delay(1.seconds)
        }
    } while (goesOn)
}

private val FLUSH: Duration = Duration.ofSeconds(30)

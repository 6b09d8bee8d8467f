package dev.spanstream.samples.batch

import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.coroutines.initTracing
import dev.spanstream.samples.common.CommandLine
import dev.spanstream.samples.common.Receiver
import dev.spanstream.samples.common.StopSignal
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.time.Duration
import kotlin.system.exitProcess

/**
 * Imports products and shows how far it is. Spans go to an inbox in this process, of which the first
 * traces are printed at the end; with `SENTRY_DSN` set they go there instead.
 *
 * Arguments: a number says how many products; `--bar` draws a bar, for a terminal. The exit code is 0 only if every
 * sampled span was accepted. Ctrl-C lets it begin no more chunks.
 */
public fun main(arguments: Array<String>) {
    val asked = CommandLine.parse(arguments, USUAL_PRODUCTS, "--bar")
    val stop = StopSignal.listen()
    val receiver = Receiver.choose()
    val tracer = init(receiver.dsn)
    val progress =
        Progress(asked.count, asked.hasFlag, tracer::stats) {
            print(it)
            System.out.flush()
        }
    val failures =
        runBlocking {
            val shown = launch { progress.show() }
            ImportJob(Catalogue(), progress::add, stop).run(asked.count).also { shown.cancel() }
        }
    Traces.close()
    progress.finish()
    println("${failures.size} products were left out")
    failures.firstOrNull()?.let { println("The first: ${it.message}") }
    val exitCode = receiver.report(tracer.stats(), MOST_TRACES)
    receiver.close()
    exitProcess(exitCode)
}

internal fun init(receiver: String): Tracer {
    val tracer =
        initTracing {
            dsn = receiver
            release = release ?: "catalogue@0.1.0"
            tracesSampleRate = tracesSampleRate ?: 1.0
            shutdownTimeout = SHUTDOWN // How long close may take.
        }
    Traces.globalScope().setAttribute("service.name", "catalogue") // On every span of the process.
    return tracer
}

private const val USUAL_PRODUCTS = 2_000

/** The job and one chunk. */
private const val MOST_TRACES = 2
private val SHUTDOWN: Duration = Duration.ofSeconds(30)

package dev.spanstream.benchmarks.engines

import com.sun.management.OperatingSystemMXBean
import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.streaming.StreamingSinkProvider
import io.ktor.client.HttpClient
import io.ktor.client.engine.apache5.Apache5
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.okhttp.OkHttp
import java.lang.management.ManagementFactory
import java.time.Duration

private const val SPANS_PER_TRACE = 20

// All that is sent at once, whatever the engine makes of it.
private const val BUFFERED = 10_000_000
private const val BUFFERED_BYTES = 1_000_000_000L

/**
 * Sends so many envelopes of twenty spans through one engine, half of them to warm up, and prints the
 * processor time and the time of the clock that the second half took, both in nanoseconds, and the number
 * of threads: `EngineRun java|cio|okhttp|apache5 port envelopes`.
 */
public fun main(arguments: Array<String>) {
    val (engine, port, envelopes) = arguments
    val tracer = Tracer.create { options ->
        options.dsn = "http://key@127.0.0.1:$port/1"
        options.tracesSampleRate = 1.0
        options.enableBackpressureHandling = false
        options.maxBufferedSpans = BUFFERED
        options.maxBufferedBytes = BUFFERED_BYTES
        options.sinkProvider = StreamingSinkProvider(client(engine))
    }
    tracer.send(envelopes.toInt() / 2)
    val system = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
    val processor = system.processCpuTime
    val clock = System.nanoTime()
    tracer.send(envelopes.toInt() / 2)
    val threads = Thread.activeCount()
    println("${system.processCpuTime - processor} ${System.nanoTime() - clock} $threads")
    check(tracer.stats().droppedTotal() == 0L) { tracer.stats() }
    tracer.close()
}

/** What makes the client; null for the default, which is on the Java engine. */
private fun client(engine: String): (() -> HttpClient)? =
    when (engine) {
        "java" -> null
        "cio" -> { -> HttpClient(CIO) }
        "okhttp" -> { -> HttpClient(OkHttp) }
        "apache5" -> { -> HttpClient(Apache5) }
        else -> error("No engine $engine")
    }

private fun Tracer.send(envelopes: Int) {
    repeat(envelopes) {
        Traces.newTrace()
        startSpan("request").use {
            repeat(SPANS_PER_TRACE - 1) { number ->
                startSpan("step").use { span -> span.setAttribute("step.number", number.toLong()) }
            }
        }
    }
    check(flush(Duration.ofMinutes(5))) { "The receiver has not taken all" }
}

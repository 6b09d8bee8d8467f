package dev.spanstream.coroutines

import dev.spanstream.StrictMode
import dev.spanstream.Tracer
import dev.spanstream.Traces
import dev.spanstream.TracingOptions
import dev.spanstream.sink.FinishedSpan
import dev.spanstream.sink.InMemorySpanSink

/** The default tracer for one test, with what it recorded. */
internal class TestTracer(configure: TracingOptions.() -> Unit = {}) : AutoCloseable {
    val sink = InMemorySpanSink()
    private val strict = StrictMode()
    val tracer: Tracer =
        initTracing {
            sink = this@TestTracer.sink
            tracesSampleRate = 1.0
            strictMode = strict
            configure()
        }

    fun span(name: String): FinishedSpan = sink.only(name)

    /** The name of the span under which the one of this name stands, or null. */
    fun parentOf(name: String): String? =
        span(name).let { child -> sink.spans().find { it.spanIdBits == child.parentSpanIdBits }?.name }

    /** Fails if spans were not used as they are meant to be, or any thread points to a context not its own. */
    override fun close() {
        Traces.close()
        // Strict mode leaves out the thread that asks; this one is to be looked at as well.
        onForeignThread { runCatching { strict.verify() } }.get().getOrThrow()
    }
}

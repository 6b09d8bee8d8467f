package dev.spanstream.benchmarks.delivery

import dev.spanstream.Tracer
import dev.spanstream.Traces
import io.opentelemetry.api.trace.Span
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter
import io.opentelemetry.sdk.common.CompletableResultCode
import io.opentelemetry.sdk.trace.SdkTracerProvider
import io.opentelemetry.sdk.trace.data.SpanData
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor
import io.opentelemetry.sdk.trace.export.SpanExporter
import java.time.Duration
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/** An SDK at its defaults that sends to a server on this machine. */
internal interface Exporting : AutoCloseable {
    /** A service span with so many spans in it all, each with a text, a number and a truth. */
    fun trace(spans: Int)

    /** Waits until all that has ended is sent, or given up. */
    fun flush()

    /** How many spans the server has taken. */
    val delivered: Long
}

internal class Ours(port: Int) : Exporting {
    private val tracer = Tracer.create { options ->
        options.dsn = "http://key@127.0.0.1:$port/1"
        options.tracesSampleRate = 1.0
    }

    override val delivered: Long get() = tracer.stats().sent()

    override fun trace(spans: Int) {
        Traces.newTrace()
        tracer.startSpan("request").use {
            repeat(spans - 1) { number ->
                tracer.startSpan("step").use { span ->
                    span.setAttribute("step.name", "price order")
                    span.setAttribute("step.number", number.toLong())
                    span.setAttribute("step.last", false)
                }
            }
        }
    }

    override fun flush() {
        tracer.flush(PATIENCE)
    }

    override fun close() = tracer.close()
}

/** @param compression `none`, which is their default, or `gzip` */
internal class Theirs(port: Int, compression: String) : Exporting {
    private val exporter = Counting(
        OtlpHttpSpanExporter
            .builder()
            .setEndpoint("http://127.0.0.1:$port/v1/traces")
            .setCompression(compression)
            .build(),
    )
    private val provider =
        SdkTracerProvider.builder().addSpanProcessor(BatchSpanProcessor.builder(exporter).build()).build()
    private val tracer = provider.get("benchmark")

    override val delivered: Long get() = exporter.taken.get()

    override fun trace(spans: Int) =
        span("request") {
            repeat(spans - 1) { number ->
                span("step") { span ->
                    span.setAttribute("step.name", "price order")
                    span.setAttribute("step.number", number.toLong())
                    span.setAttribute("step.last", false)
                }
            }
        }

    private inline fun span(name: String, block: (Span) -> Unit) {
        val span = tracer.spanBuilder(name).startSpan()
        try {
            span.makeCurrent().use { block(span) }
        } finally {
            span.end()
        }
    }

    override fun flush() {
        provider.forceFlush().join(PATIENCE.toSeconds(), TimeUnit.SECONDS)
    }

    override fun close() = provider.close()

    private class Counting(private val exporter: SpanExporter) : SpanExporter by exporter {
        val taken = AtomicLong()

        override fun export(spans: Collection<SpanData>): CompletableResultCode {
            val result = exporter.export(spans)
            result.whenComplete { if (result.isSuccess) taken.addAndGet(spans.size.toLong()) }
            return result
        }
    }
}

private val PATIENCE = Duration.ofMinutes(1)

package dev.spanstream.benchmarks.coroutines

import dev.spanstream.Tracer
import dev.spanstream.benchmarks.sdk.CountingExporter
import dev.spanstream.benchmarks.sdk.Mode
import dev.spanstream.benchmarks.sdk.OpenTelemetrySdk
import dev.spanstream.benchmarks.sdk.SentrySdk
import dev.spanstream.benchmarks.sdk.SpanstreamSdk
import dev.spanstream.coroutines.withSpan
import io.opentelemetry.context.Context
import io.opentelemetry.extension.kotlin.asContextElement
import io.sentry.Sentry
import io.sentry.kotlin.SentryContext
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.withContext

/** What a user writes around a block of a coroutine to have a span of it. */
internal interface CoroutineSdk : AutoCloseable {
    suspend fun span(block: suspend () -> Unit)
}

/** No tracing at all: what a change of context costs by itself. */
internal object Plain : CoroutineSdk {
    override suspend fun span(block: suspend () -> Unit) = withContext(CoroutineName("step")) { block() }

    override fun close() = Unit
}

internal class Spanstream(mode: Mode) : CoroutineSdk {
    private val tracer: Tracer = SpanstreamSdk.tracer(mode)

    override suspend fun span(block: suspend () -> Unit) = tracer.withSpan("step") { block() }

    override fun close() = tracer.close()
}

internal class OpenTelemetry(mode: Mode) : CoroutineSdk {
    private val provider = OpenTelemetrySdk.provider(mode, CountingExporter())
    private val tracer = provider.get("benchmark")

    override suspend fun span(block: suspend () -> Unit) {
        val span = tracer.spanBuilder("step").startSpan()
        try {
            withContext(Context.current().with(span).asContextElement()) { block() }
        } finally {
            span.end()
        }
    }

    override fun close() = provider.close()
}

internal class SentryCoroutines(mode: Mode) : CoroutineSdk {
    private val sdk = SentrySdk(mode)

    override suspend fun span(block: suspend () -> Unit) {
        val span = Sentry.getSpan()?.startChild("step") ?: Sentry.startTransaction("request", "benchmark")
        try {
            withContext(SentryContext()) { span.makeCurrent().use { block() } }
        } finally {
            span.finish()
        }
    }

    override fun close() = sdk.close()
}

package dev.spanstream.benchmarks.ktor

import dev.spanstream.benchmarks.sdk.CountingExporter
import dev.spanstream.benchmarks.sdk.Mode
import dev.spanstream.benchmarks.sdk.OpenTelemetrySdk
import dev.spanstream.benchmarks.sdk.SpanstreamSdk
import dev.spanstream.ktor.ServerTracing
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator
import io.opentelemetry.context.propagation.ContextPropagators
import io.opentelemetry.instrumentation.ktor.v3_0.KtorServerTelemetry
import io.opentelemetry.sdk.OpenTelemetrySdk as OpenTelemetry

/** What traces the requests. [install] puts it into the application, and returns what to close in the end. */
public enum class Plugin {
    NONE {
        override fun install(application: Application): AutoCloseable = AutoCloseable { }
    },
    SPANSTREAM {
        override fun install(application: Application): AutoCloseable = application.spanstream(Mode.SAMPLED)
    },
    SPANSTREAM_UNSAMPLED {
        override fun install(application: Application): AutoCloseable = application.spanstream(Mode.UNSAMPLED)
    },
    OPENTELEMETRY {
        override fun install(application: Application): AutoCloseable = application.openTelemetry(Mode.SAMPLED)
    },
    OPENTELEMETRY_UNSAMPLED {
        override fun install(application: Application): AutoCloseable = application.openTelemetry(Mode.UNSAMPLED)
    }, ;

    internal abstract fun install(application: Application): AutoCloseable
}

private fun Application.spanstream(mode: Mode): AutoCloseable {
    val tracer = SpanstreamSdk.tracer(mode)
    install(ServerTracing) { this.tracer = tracer }
    return tracer
}

private fun Application.openTelemetry(mode: Mode): AutoCloseable {
    val sdk = OpenTelemetry
        .builder()
        .setTracerProvider(OpenTelemetrySdk.provider(mode, CountingExporter()))
        .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
        .build()
    install(KtorServerTelemetry) { setOpenTelemetry(sdk) }
    return sdk
}

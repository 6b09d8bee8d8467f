package dev.spanstream.benchmarks.sdk;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry with its {@code BatchSpanProcessor} at its defaults. */
public final class OpenTelemetrySdk implements Sdk {
  private final CountingExporter exporter = new CountingExporter();
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  public OpenTelemetrySdk(Mode mode) {
    provider = provider(mode, exporter);
    tracer =
        mode == Mode.DISABLED
            ? OpenTelemetry.noop().getTracer("benchmark")
            : provider.get("benchmark");
  }

  /** A provider that samples as the mode says. */
  public static SdkTracerProvider provider(Mode mode, CountingExporter exporter) {
    Sampler root = mode == Mode.SAMPLED ? Sampler.alwaysOn() : Sampler.alwaysOff();
    return SdkTracerProvider.builder()
        .setSampler(Sampler.parentBased(root))
        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
        .build();
  }

  @Override
  public Object serviceSpan() {
    Span span = tracer.spanBuilder("request").startSpan();
    try (Scope active = span.makeCurrent()) {
      return span;
    } finally {
      span.end();
    }
  }

  @Override
  public Object child() {
    Span span = tracer.spanBuilder("step").startSpan();
    try (Scope active = span.makeCurrent()) {
      return span;
    } finally {
      span.end();
    }
  }

  @Override
  public Object childWithAttributes() {
    Span span = tracer.spanBuilder("step").startSpan();
    try (Scope active = span.makeCurrent()) {
      span.setAttribute("step.name", "price order");
      span.setAttribute("step.number", 7);
      span.setAttribute("step.last", true);
      return span;
    } finally {
      span.end();
    }
  }

  @Override
  public Opened open() {
    Span span = tracer.spanBuilder("parent").startSpan();
    Scope active = span.makeCurrent();
    return () -> {
      active.close();
      span.end();
    };
  }

  @Override
  public long exported() {
    provider.forceFlush().join(1, TimeUnit.MINUTES);
    return exporter.exported();
  }

  @Override
  public void close() {
    provider.close();
  }
}

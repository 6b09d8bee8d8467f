package dev.spanstream.benchmarks.sdk;

import dev.spanstream.Span;
import dev.spanstream.Tracer;
import java.time.Duration;

/** Ours, with the real mailbox and batcher; what they make up is thrown away unencoded. */
public final class SpanstreamSdk implements Sdk {
  private final Tracer tracer;

  public SpanstreamSdk(Mode mode) {
    tracer = tracer(mode);
  }

  /** The tracer, for benchmarks that need more of it. */
  public static Tracer tracer(Mode mode) {
    return Tracer.create(
        options -> {
          if (mode != Mode.DISABLED) {
            options.setSink(new DiscardingSink(options));
            options.setTracesSampleRate(mode == Mode.SAMPLED ? 1.0 : 0.0);
            options.setEnableBackpressureHandling(false);
          }
        });
  }

  @Override
  public Object serviceSpan() {
    try (Span span = tracer.startSpan("request")) {
      return span;
    }
  }

  @Override
  public Object child() {
    try (Span span = tracer.startSpan("step")) {
      return span;
    }
  }

  @Override
  public Object childWithAttributes() {
    try (Span span = tracer.startSpan("step")) {
      span.setAttribute("step.name", "price order");
      span.setAttribute("step.number", 7);
      span.setAttribute("step.last", true);
      return span;
    }
  }

  @Override
  public Opened open() {
    return tracer.startSpan("parent")::close;
  }

  @Override
  public long exported() {
    tracer.flush(Duration.ofMinutes(1));
    return tracer.stats().sent();
  }

  @Override
  public void close() {
    tracer.close();
  }
}

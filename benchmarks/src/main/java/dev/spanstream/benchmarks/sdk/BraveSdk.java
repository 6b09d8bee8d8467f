package dev.spanstream.benchmarks.sdk;

import brave.ScopedSpan;
import brave.Tracer;
import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import brave.sampler.Sampler;
import java.util.concurrent.atomic.LongAdder;

/** Brave with a handler that only counts: it has no batcher of its own. */
public final class BraveSdk implements Sdk {
  private final LongAdder exported = new LongAdder();
  private final Tracing tracing;
  private final Tracer tracer;

  public BraveSdk(Mode mode) {
    tracing =
        Tracing.newBuilder()
            .localServiceName("benchmark")
            .sampler(mode == Mode.SAMPLED ? Sampler.ALWAYS_SAMPLE : Sampler.NEVER_SAMPLE)
            .addSpanHandler(
                new SpanHandler() {
                  @Override
                  public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                    exported.increment();
                    return true;
                  }
                })
            .build();
    tracing.setNoop(mode == Mode.DISABLED);
    tracer = tracing.tracer();
  }

  @Override
  public Object serviceSpan() {
    ScopedSpan span = tracer.startScopedSpan("request");
    try {
      return span;
    } finally {
      span.finish();
    }
  }

  @Override
  public Object child() {
    ScopedSpan span = tracer.startScopedSpan("step");
    try {
      return span;
    } finally {
      span.finish();
    }
  }

  @Override
  public Object childWithAttributes() {
    ScopedSpan span = tracer.startScopedSpan("step");
    try {
      span.tag("step.name", "price order");
      span.tag("step.number", "7");
      span.tag("step.last", "true");
      return span;
    } finally {
      span.finish();
    }
  }

  @Override
  public Opened open() {
    ScopedSpan span = tracer.startScopedSpan("parent");
    return span::finish;
  }

  @Override
  public long exported() {
    return exported.sum();
  }

  @Override
  public void close() {
    tracing.close();
  }
}

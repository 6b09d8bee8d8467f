package dev.spanstream.benchmarks;

import dev.spanstream.Span;
import dev.spanstream.Tracer;
import dev.spanstream.benchmarks.sdk.Mode;
import dev.spanstream.benchmarks.sdk.SpanstreamSdk;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Setting an attribute that the span has already, of each type. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AttributeBenchmark {
  private final List<String> items = List.of("book", "pen", "lamp");
  private Tracer tracer;
  private Span span;
  private long number;

  @Setup
  public void start() {
    tracer = SpanstreamSdk.tracer(Mode.SAMPLED);
    span = tracer.startSpan("parent");
  }

  @TearDown
  public void stop() {
    span.end();
    tracer.close();
  }

  @Benchmark
  public Span text() {
    return span.setAttribute("key", "price order");
  }

  @Benchmark
  public Span integer() {
    return span.setAttribute("key", number++);
  }

  @Benchmark
  public Span fraction() {
    return span.setAttribute("key", number++ * 0.5);
  }

  @Benchmark
  public Span truth() {
    return span.setAttribute("key", (number++ & 1) == 0);
  }

  @Benchmark
  public Span list() {
    return span.setAttribute("key", items);
  }
}

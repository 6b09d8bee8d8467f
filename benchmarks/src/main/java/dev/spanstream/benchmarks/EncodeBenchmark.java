package dev.spanstream.benchmarks;

import dev.spanstream.Span;
import dev.spanstream.Tracer;
import dev.spanstream.benchmarks.encode.Encoding;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.InMemorySpanSink;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Spans with twelve attributes of their own, as bytes of an envelope: JSON, and compressed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBenchmark {
  private static final int SPANS = 1_000;

  private List<FinishedSpan> batch;
  private List<FinishedSpan> one;

  @Setup
  public void start() {
    InMemorySpanSink sink = new InMemorySpanSink();
    try (Tracer tracer =
        Tracer.create(
            options -> {
              options.setSink(sink);
              options.setTracesSampleRate(1.0);
            })) {
      try (Span parent = tracer.startSpan("request")) {
        for (int number = 1; number < SPANS; number++) {
          try (Span span = tracer.startSpan("step")) {
            for (int key = 0; key < 4; key++) {
              span.setAttribute("step.text." + key, "price order " + number);
              span.setAttribute("step.number." + key, number);
              span.setAttribute("step.last." + key, number == SPANS - 1);
            }
          }
        }
      }
    }
    batch = sink.spans();
    one = batch.subList(0, 1);
  }

  @Benchmark
  public Object one() {
    return Encoding.json(one);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object spanOfBatch() {
    return Encoding.json(batch);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object spanOfCompressedBatch() {
    return Encoding.compressed(batch);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object measuredSpan() {
    return Encoding.measured(batch);
  }
}

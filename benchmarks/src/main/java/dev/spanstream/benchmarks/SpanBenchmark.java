package dev.spanstream.benchmarks;

import dev.spanstream.benchmarks.sdk.Sdk;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** Spans in plain Java: what a start and an end cost the thread that they are on. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SpanBenchmark {
  private static final int CHILDREN = 20;

  @Benchmark
  public Object serviceSpan(SpanState state, Fate fate) {
    fate.ended++;
    return state.tracing.serviceSpan();
  }

  /** Each is one operation of two spans. */
  @Benchmark
  public Object treeOfTwo(SpanState state, Fate fate) {
    fate.ended += 2;
    try (Sdk.Opened parent = state.tracing.open()) {
      return state.tracing.child();
    }
  }

  /** A span of a request with twenty steps. */
  @Benchmark
  @OperationsPerInvocation(CHILDREN + 1)
  public Object spanOfTree(SpanState state, Fate fate) {
    fate.ended += CHILDREN + 1;
    Object last = null;
    try (Sdk.Opened parent = state.tracing.open()) {
      for (int child = 0; child < CHILDREN; child++) {
        last = state.tracing.childWithAttributes();
      }
    }
    return last;
  }

  @Benchmark
  public Object child(Parent parent, Fate fate) {
    fate.ended++;
    return parent.tracing.child();
  }

  @Benchmark
  public Object childWithAttributes(Parent parent, Fate fate) {
    fate.ended++;
    return parent.tracing.childWithAttributes();
  }
}

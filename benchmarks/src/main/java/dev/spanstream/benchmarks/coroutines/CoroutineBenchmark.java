package dev.spanstream.benchmarks.coroutines;

import dev.spanstream.benchmarks.sdk.Mode;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A span around a block of a coroutine: what it adds to a plain {@code withContext} around it. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoroutineBenchmark {
  @Param public Way way;
  @Param public Step step;

  @Param({"SAMPLED", "UNSAMPLED"})
  public Mode mode;

  private CoroutineRequest request;

  @Setup
  public void start() {
    request = new CoroutineRequest(way, mode);
  }

  @TearDown
  public void stop() {
    request.close();
  }

  @Benchmark
  @OperationsPerInvocation(CoroutineRequest.STEPS + 1)
  public void span() {
    request.run(step);
  }
}

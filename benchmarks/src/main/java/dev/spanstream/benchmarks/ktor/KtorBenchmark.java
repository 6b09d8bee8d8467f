package dev.spanstream.benchmarks.ktor;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A request to a Ktor server in the same process, over a socket.
 *
 * <p>{@code request} sends many at once, so that the server is never idle and waking up threads
 * does not count; {@code latency} sends one after the other, and has the percentiles.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KtorBenchmark {
  private static final int PIPELINED = 64;

  @Param public Plugin plugin;

  private TracedServer server;
  private Connection many;
  private Connection one;

  @Setup
  public void start() throws IOException {
    server = new TracedServer(plugin);
    many = new Connection(server.getPort(), PIPELINED);
    one = new Connection(server.getPort(), 1);
  }

  @TearDown
  public void stop() throws IOException {
    many.close();
    one.close();
    server.close();
  }

  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(PIPELINED)
  public byte[] request() {
    return many.exchange();
  }

  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public byte[] latency() {
    return one.exchange();
  }
}

package dev.spanstream.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What became of the spans of an iteration: without it, the time that a span takes means nothing. A
 * benchmark adds to {@code ended}; JMH adds up the threads.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Fate {
  public long ended;
  public long exported;

  private long before;

  @Setup(Level.Iteration)
  public void begin(SpanState state, ThreadParams thread) {
    before = thread.getThreadIndex() == 0 ? state.tracing.exported() : 0;
  }

  @TearDown(Level.Iteration)
  public void count(SpanState state, ThreadParams thread) {
    exported = thread.getThreadIndex() == 0 ? state.tracing.exported() - before : 0;
  }
}

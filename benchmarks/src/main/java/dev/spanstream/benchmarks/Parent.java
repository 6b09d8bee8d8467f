package dev.spanstream.benchmarks;

import dev.spanstream.benchmarks.sdk.Sdk;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A span that stays open on each thread, for the children that are measured. */
@State(Scope.Thread)
public class Parent {
  Sdk tracing;
  private Sdk.Opened opened;

  @Setup
  public void open(SpanState state) {
    tracing = state.tracing;
    opened = tracing.open();
  }

  @TearDown
  public void close() {
    opened.close();
  }
}

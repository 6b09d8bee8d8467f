package dev.spanstream.benchmarks;

import dev.spanstream.benchmarks.sdk.Mode;
import dev.spanstream.benchmarks.sdk.Sdk;
import dev.spanstream.benchmarks.sdk.SdkName;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The SDK under measurement. */
@State(Scope.Benchmark)
public class SpanState {
  @Param({"SPANSTREAM", "OPENTELEMETRY", "BRAVE", "SENTRY"})
  public SdkName sdk;

  @Param({"SAMPLED", "UNSAMPLED", "DISABLED"})
  public Mode mode;

  Sdk tracing;

  @Setup
  public void start() {
    tracing = sdk.start(mode);
  }

  @TearDown
  public void stop() {
    tracing.close();
  }
}

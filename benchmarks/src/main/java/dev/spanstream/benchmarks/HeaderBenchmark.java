package dev.spanstream.benchmarks;

import dev.spanstream.Isolation;
import dev.spanstream.Span;
import dev.spanstream.Tracer;
import dev.spanstream.Traces;
import dev.spanstream.benchmarks.sdk.CountingExporter;
import dev.spanstream.benchmarks.sdk.Mode;
import dev.spanstream.benchmarks.sdk.OpenTelemetrySdk;
import dev.spanstream.benchmarks.sdk.SpanstreamSdk;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Headers that continue a trace, read and written: a parent and a baggage of five members. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderBenchmark {
  private static final String TRACE = "771a43a4192642f0b136d5159a501700";
  private static final String PARENT = "1234567890abcdef";
  private static final Map<String, String> OURS =
      Map.of(
          "sentry-trace",
          TRACE + "-" + PARENT + "-1",
          "baggage",
          "sentry-trace_id="
              + TRACE
              + ",sentry-public_key=49d0f7386ad645858ae85020e393bef3,sentry-sample_rate=0.25"
              + ",sentry-sample_rand=0.123456,sentry-environment=production");
  private static final Map<String, String> THEIRS =
      Map.of(
          "traceparent",
          "00-" + TRACE + "-" + PARENT + "-01",
          "baggage",
          "shop=books,country=de,tier=gold,plan=yearly,environment=production");
  private static final TextMapGetter<Map<String, String>> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
          return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
          return headers.get(name);
        }
      };
  private static final TextMapSetter<Map<String, String>> SETTER = Map::put;

  private final TextMapPropagator theirs =
      TextMapPropagator.composite(
          W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance());
  private Tracer tracer;
  private SdkTracerProvider provider;
  private Context context;
  private Span span;

  @Setup
  public void start() {
    tracer = SpanstreamSdk.tracer(Mode.SAMPLED);
    tracer.continueTrace(OURS);
    span = tracer.startSpan("parent");
    provider = OpenTelemetrySdk.provider(Mode.SAMPLED, new CountingExporter());
    context = theirs.extract(Context.root(), THEIRS, GETTER);
    context =
        context.with(
            provider.get("benchmark").spanBuilder("parent").setParent(context).startSpan());
  }

  @TearDown
  public void stop() {
    span.end();
    tracer.close();
    provider.close();
  }

  @Benchmark
  public Object readSpanstream() {
    try (Isolation isolation = Traces.isolate()) {
      tracer.continueTrace(OURS);
      return isolation;
    }
  }

  @Benchmark
  public Object readOpenTelemetry() {
    return theirs.extract(Context.root(), THEIRS, GETTER);
  }

  @Benchmark
  public Object writeSpanstream() {
    return tracer.traceHeaders();
  }

  @Benchmark
  public Object writeOpenTelemetry() {
    Map<String, String> headers = new HashMap<>();
    theirs.inject(context, headers, SETTER);
    return headers;
  }
}

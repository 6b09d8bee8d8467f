package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.InMemorySpanSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tracers into memory, independent of the environment of the machine. After each test it checks
 * that no span was left open or ended in another context than its own, that nothing is active on
 * the thread, and that the accounts add up.
 */
final class TestTracer implements BeforeEachCallback, AfterEachCallback {
  static final String TRACE_ID = "771a43a4192642f0b136d5159a501700";
  static final String SPAN_ID = "53995c3f42cd8ad8";
  static final String KEY = "e12d836b15bb49d7bbf99e64295d995b";
  static final String DSN = "https://" + KEY + "@o447951.ingest.us.sentry.io/42";

  final InMemorySpanSink sink = new InMemorySpanSink();
  final List<String> logs = new ArrayList<>();

  private @Nullable StrictMode strict = new StrictMode();
  private final List<Tracer> tracers = new ArrayList<>();
  private final Logger logger = Logger.getLogger("dev.spanstream");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          synchronized (logs) {
            logs.add(logged.getLevel() + " " + logged.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /** A tracer that records everything into {@link #sink}, unless {@code configure} says else. */
  Tracer with(Consumer<TracingOptions> configure) {
    return with(Map.of(), configure);
  }

  Tracer with(Map<String, String> environment, Consumer<TracingOptions> configure) {
    UnaryOperator<@Nullable String> variables = environment::get;
    Tracer tracer =
        Tracer.createDefault(
            options -> {
              options.setSink(sink);
              options.setTracesSampleRate(1.0);
              options.setStrictMode(strict);
              configure.accept(options);
            },
            variables);
    tracers.add(tracer);
    return tracer;
  }

  /** For a test that uses spans as they are not meant to be used, or measures. Call it first. */
  void lenient() {
    strict = null;
  }

  Tracer recording() {
    return with(options -> {});
  }

  Tracer unsampled() {
    return with(options -> options.setTracesSampleRate(0.0));
  }

  FinishedSpan only(String name) {
    return sink.only(name);
  }

  /** What is sent with the only span of this name. */
  Map<String, Object> sent(String name) {
    return only(name).getSentAttributes();
  }

  static Map<String, String> headers(String sentryTrace, String baggage) {
    return Map.of("sentry-trace", sentryTrace, "baggage", baggage);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    startAfresh();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.removeHandler(handler);
    Span active = TraceContext.current().active();
    Traces.close();
    startAfresh();
    assertThat(active).as("a span was left active on the thread").isNull();
    for (Tracer tracer : tracers) {
      assertBalanced(tracer.stats());
      assertThat(tracer.stats().open()).as("spans were left open: %s", tracer.stats()).isZero();
    }
    if (strict != null) {
      strict.verify();
    }
  }

  static void assertBalanced(TracerStats stats) {
    assertThat(stats.started()).as("%s", stats).isEqualTo(stats.ended() + stats.open());
    assertThat(stats.ended())
        .as("%s", stats)
        .isEqualTo(stats.sent() + stats.spooled() + stats.buffered() + stats.droppedTotal());
  }

  private static void startAfresh() {
    TraceContext.processTrace(null);
    Scope.global().clear();
    Scope.process().clear();
    Traces.currentScope().clear();
    Traces.newTrace();
  }
}

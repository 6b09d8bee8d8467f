package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The static door, init again, and several tracers side by side. */
class TracesTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private Tracer init() {
    return Traces.init(
        options -> {
          options.setSink(test.sink);
          options.setTracesSampleRate(1.0);
        });
  }

  @Test
  void beforeInitNothingHappens() throws Exception {
    assertThat(Traces.isEnabled()).isFalse();
    assertThat(Traces.startSpan("s").isSampled()).isFalse();
    assertThat(Traces.startSpan("s", Map.of()).isSampled()).isFalse();
    assertThat(Traces.currentSpan()).isNull();
    assertThat(Traces.traceHeaders()).isEmpty();
    Traces.continueTrace(Map.of("sentry-trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID));
    assertThat(Traces.flush(Duration.ZERO)).isTrue();
    assertThat(Traces.tracer().stats().started()).isZero();
    String result = Traces.call("s", span -> "done");
    assertThat(result).isEqualTo("done");
  }

  @Test
  void theDoorLeadsToTheDefaultTracer() throws Exception {
    Tracer tracer = init();
    assertThat(Traces.tracer()).isSameAs(tracer);
    assertThat(Traces.isEnabled()).isTrue();
    Traces.continueTrace(Map.of("sentry-trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID));
    try (Span outer = Traces.startSpan("outer", Map.of("k", 1))) {
      assertThat(Traces.currentSpan()).isSameAs(outer);
      assertThat(Traces.traceHeaders().get("sentry-trace")).startsWith(TestTracer.TRACE_ID);
      assertThat(Traces.traceHeaders("https://x/")).isEqualTo(Traces.traceHeaders());
      Traces.run("run", span -> span.setAttribute("x", 1));
      String result = Traces.call("call", Span::getName);
      assertThat(result).isEqualTo("call");
      Traces.spanBuilder("built").startSpan().end();
    }
    assertThat(test.sink.tree()).isEqualTo("outer\n  run\n  call\n  built\n");
    Traces.close();
    assertThat(Traces.isEnabled()).isFalse();
    assertThat(tracer.isEnabled()).isFalse();
  }

  @Test
  void initAgainClosesThePreviousTracer() {
    Tracer first = init();
    Span left = Traces.startSpan("left open");
    Tracer second = init();
    assertThat(Traces.tracer()).isSameAs(second).isNotSameAs(first);
    assertThat(first.isEnabled()).isFalse();
    left.end();
    assertThat(first.stats().droppedTotal()).isEqualTo(1);
    try (Span span = Traces.startSpan("new")) {
      assertThat(span.isServiceSpan()).isTrue();
    }
    assertThat(test.sink.tree()).isEqualTo("new\n");
  }

  @Test
  void anInitThatFailsLeavesThePreviousTracerAlone() {
    Tracer first = init();
    assertThatThrownBy(() -> Traces.init(options -> options.setTracesSampleRate(7.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Traces.tracer()).isSameAs(first);
    assertThat(first.isEnabled()).isTrue();
  }

  @Test
  void tracersSideBySideDoNotSeeEachOthersSpans() {
    Tracer one = test.recording();
    Tracer two = test.unsampled();
    try (Span a = one.startSpan("a");
        Span b = two.startSpan("b");
        Span c = one.startSpan("c")) {
      assertThat(c.getParentSpanId()).isEqualTo(a.getSpanId());
      assertThat(one.currentSpan()).isSameAs(c);
      assertThat(two.currentSpan()).isSameAs(b);
    }
    assertThat(one.stats().started()).isEqualTo(2);
    assertThat(two.stats().started()).isEqualTo(1);
  }

  @Test
  void tracedMakesASpanOfEachCall() throws Exception {
    init();
    Callable<String> callable = Traces.traced("callable", () -> "result");
    Runnable runnable = Traces.traced("runnable", () -> Traces.startSpan("inside").end());
    assertThat(callable.call()).isEqualTo("result");
    callable.call();
    runnable.run();
    assertThat(test.sink.tree()).isEqualTo("callable\ncallable\nrunnable\n  inside\n");
    Callable<String> failing =
        Traces.traced(
            "failing",
            (Callable<String>)
                () -> {
                  throw new IOException("x");
                });
    assertThatThrownBy(failing::call).isInstanceOf(IOException.class);
    assertThat(test.only("failing").getStatus()).isEqualTo(SpanStatus.ERROR);
  }
}

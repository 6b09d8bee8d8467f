package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.slf4j.TraceMdc;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;
import org.slf4j.spi.MDCAdapter;

class TraceMdcTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  @BeforeEach
  void install() {
    MDC.clear();
    TraceMdc.install();
  }

  @AfterEach
  void uninstall() {
    TraceMdc.uninstall();
    MDC.clear();
  }

  private static void assertMdcNames(@Nullable Span span) {
    assertThat(MDC.get("trace_id")).isEqualTo(span == null ? null : span.getTraceId());
    assertThat(MDC.get("span_id")).isEqualTo(span == null ? null : span.getSpanId());
  }

  @Test
  void theMdcNamesTheActiveSpanAndAfterItsEndTheOneBefore() {
    Tracer tracer = test.recording();
    MDC.put("mine", "stays");
    try (Span outer = tracer.startSpan("outer")) {
      assertMdcNames(outer);
      try (Span inner = tracer.startSpan("inner")) {
        assertMdcNames(inner);
      }
      assertMdcNames(outer);
    }
    assertMdcNames(null);
    assertThat(MDC.get("mine")).isEqualTo("stays");
  }

  @Test
  void anMdcThatFailsCostsNoSpanAndIsNotAskedAgain() throws Exception {
    List<String> calls = new ArrayList<>();
    MDCAdapter failing =
        (MDCAdapter)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MDCAdapter.class},
                (proxy, method, arguments) -> {
                  calls.add(method.getName());
                  throw new AssertionError(method);
                });
    Method setAdapter = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
    setAdapter.setAccessible(true);
    MDCAdapter working = MDC.getMDCAdapter();
    Tracer tracer = test.recording();
    setAdapter.invoke(null, failing);
    try (Span outer = tracer.startSpan("outer")) {
      tracer.startSpan("inner").end();
      outer.setAttribute("k", 1);
    } finally {
      setAdapter.invoke(null, working);
    }
    assertThat(calls).containsExactly("put");
    assertThat(test.sink.tree()).isEqualTo("outer\n  inner\n");
  }

  @Test
  void aSpanThatIsNotActiveIsNotInTheMdc() {
    Tracer tracer = test.recording();
    try (Span active = tracer.startSpan("active");
        Span other = tracer.spanBuilder("other").setActive(false).startSpan()) {
      assertMdcNames(active);
      other.setAttribute("k", 1);
    }
  }

  @Test
  void aSpanThatIsNotRecordedIsNotInTheMdc() {
    try (Span unsampled = test.unsampled().startSpan("unsampled")) {
      assertThat(unsampled.isSampled()).isFalse();
      assertMdcNames(null);
    }
  }

  @Test
  void anIgnoredChildLeavesItsRecordedAncestorInTheMdc() {
    Tracer tracer =
        test.with(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("ignored"))));
    try (Span outer = tracer.startSpan("outer");
        Span ignored = tracer.startSpan("ignored")) {
      assertThat(ignored.isSampled()).isFalse();
      assertMdcNames(outer);
    }
  }

  @Test
  void aWrappedTaskHasTheIdsOnItsThreadAndLeavesNoneThere() throws Exception {
    Tracer tracer = test.recording();
    ExecutorService oneThread = Executors.newSingleThreadExecutor();
    try (Span span = tracer.startSpan("span")) {
      oneThread.submit(Traces.wrap(() -> assertMdcNames(span))).get();
      oneThread.submit(() -> assertMdcNames(null)).get();
    } finally {
      oneThread.shutdown();
    }
  }

  @Test
  void anIsolationHidesTheIdsAndBringsThemBack() {
    Tracer tracer = test.recording();
    try (Span outer = tracer.startSpan("outer")) {
      try (Isolation isolation = Traces.isolate()) {
        assertMdcNames(null);
        tracer.startSpan("request").end();
      }
      assertMdcNames(outer);
    }
  }

  @Test
  void theKeysCanBeChosen() {
    TraceMdc.install("traceId", "spanId");
    try (Span span = test.recording().startSpan("span")) {
      assertThat(MDC.get("traceId")).isEqualTo(span.getTraceId());
      assertThat(MDC.get("spanId")).isEqualTo(span.getSpanId());
      assertMdcNames(null);
    }
  }

  @Test
  void afterUninstallNothingIsPut() {
    TraceMdc.uninstall();
    try (Span span = test.recording().startSpan("span")) {
      assertThat(span.isRecording()).isTrue();
      assertMdcNames(null);
    }
  }
}

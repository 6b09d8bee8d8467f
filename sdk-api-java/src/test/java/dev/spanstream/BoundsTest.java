package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What users may forget, or overdo, without the memory growing for ever. */
class BoundsTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  @Test
  void aSpanKeepsSoManyAttributesAndNoMore() {
    Tracer tracer = test.recording();
    Map<String, Object> many = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      many.put("map " + i, i);
    }
    try (Span span = tracer.startSpan("span")) {
      span.setAttribute("first", 1).setAttributes(many).setAttribute("last", 1);
      span.setAttribute("first", 2);
      assertThat(span.getAttributes()).hasSize(1_024).containsEntry("first", 2L);
      assertThat(span.getAttributes()).doesNotContainKey("last");
    }
  }

  @Test
  void aScopeKeepsSoManyAttributesAndNoMore() {
    Tracer tracer = test.recording();
    try (Isolation isolation = Traces.isolate()) {
      for (int i = 0; i < 2_000; i++) {
        Traces.setAttribute("user " + i, i);
      }
      tracer.startSpan("span").end();
    }
    assertThat(test.sent("span")).containsKey("user 1023").doesNotContainKey("user 1024");
  }

  @Test
  void aSpanKeepsSoManyLinksAndNoMore() {
    SpanBuilder builder = test.recording().spanBuilder("span");
    for (int i = 1; i <= 5_000; i++) {
      builder.addLink(SpanLink.to(TestTracer.TRACE_ID, String.format("%016x", i)));
    }
    builder.startSpan().addLink(SpanLink.to(TestTracer.TRACE_ID, TestTracer.SPAN_ID)).end();
    List<SpanLink> links = test.only("span").getLinks();
    assertThat(links).hasSize(1_024);
    assertThat(links.get(1_023).spanId()).isEqualTo("0000000000000400");
  }

  @Test
  void aKeyIsCut() {
    Tracer tracer = test.recording();
    try (Span span = tracer.startSpan("span")) {
      span.setAttribute("k".repeat(300), 1);
      assertThat(span.getAttributes()).containsOnlyKeys("k".repeat(255) + "…");
      span.removeAttribute("k".repeat(300));
      assertThat(span.getAttributes()).isEmpty();
    }
  }

  @Test
  void spansThatNobodyEndsAreForgottenByTheThreadButNotByTheAccounts() {
    Tracer tracer = test.recording();
    Span[] forgotten = new Span[3_000];
    try (Isolation isolation = Traces.isolate()) {
      for (int i = 0; i < forgotten.length; i++) {
        forgotten[i] = tracer.startSpan("forgotten");
      }
      assertThat(TraceContext.current().depth()).isLessThanOrEqualTo(1_024);
      assertThat(tracer.currentSpan()).isSameAs(forgotten[forgotten.length - 1]);
      assertThat(tracer.stats().open()).isEqualTo(forgotten.length);
    }
    for (Span span : forgotten) {
      span.end();
    }
  }

  @Test
  void isolationsThatNobodyClosesDoNotPileUp() throws InterruptedException {
    AtomicInteger depth = new AtomicInteger();
    Thread forgetful =
        new Thread(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                depth.set(Traces.isolate().depth());
              }
            });
    forgetful.start();
    forgetful.join();
    assertThat(depth.get()).isBetween(1, 256);
  }

  @Test
  void aCharacterIsAString() {
    Tracer tracer = test.recording();
    try (Span span = tracer.startSpan("span")) {
      span.setAttribute("c", 'x');
      assertThat(span.getAttributes()).containsEntry("c", "x");
    }
  }
}

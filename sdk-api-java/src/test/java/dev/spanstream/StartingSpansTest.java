package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names, parents, and which span is active. */
class StartingSpansTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  @Test
  void startSpanStartsTheSpan() {
    Tracer tracer = test.recording();
    Span span = tracer.startSpan("work");
    assertThat(tracer.stats().started()).isEqualTo(1);
    assertThat(tracer.stats().open()).isEqualTo(1);
    assertThat(span.isRecording()).isTrue();
    assertThat(span.isSampled()).isTrue();
    assertThat(span.hasEnded()).isFalse();
    assertThat(span.getName()).isEqualTo("work");
    assertThat(span.getTraceId()).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
    assertThat(span.getSpanId()).matches("[0-9a-f]{16}").isNotEqualTo("0".repeat(16));
    assertThat(span.getStatus()).isEqualTo(SpanStatus.OK);
    assertThat(span.getEndTimestamp()).isNull();
    span.end();
  }

  @Test
  void aSpanIsActiveByDefaultAndLaterSpansAreItsChildren() {
    Tracer tracer = test.recording();
    try (Span parent = tracer.startSpan("parent")) {
      assertThat(tracer.currentSpan()).isSameAs(parent);
      try (Span child = tracer.startSpan("child")) {
        assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
        assertThat(child.isServiceSpan()).isFalse();
        assertThat(child.getServiceSpan()).isSameAs(parent);
        assertThat(parent.getServiceSpan()).isSameAs(parent);
        assertThat(parent.isServiceSpan()).isTrue();
      }
      assertThat(tracer.currentSpan()).isSameAs(parent);
    }
    assertThat(tracer.currentSpan()).isNull();
    assertThat(test.sink.tree()).isEqualTo("parent\n  child\n");
  }

  @Test
  void spansStartedWhileAnInactiveOneIsOpenAreItsSiblings() {
    Tracer tracer = test.recording();
    try (Span parent = tracer.startSpan("parent");
        Span inactive = tracer.spanBuilder("inactive").setActive(false).startSpan();
        Span sibling = tracer.startSpan("sibling")) {
      assertThat(inactive.getParentSpanId()).isEqualTo(parent.getSpanId());
      assertThat(sibling.getParentSpanId()).isEqualTo(parent.getSpanId());
    }
  }

  @Test
  void aGivenParentBeatsTheActiveSpan() {
    Tracer tracer = test.recording();
    try (Span given = tracer.spanBuilder("given").setActive(false).startSpan();
        Span active = tracer.startSpan("active");
        Span child = tracer.spanBuilder("child").setParent(given).startSpan()) {
      assertThat(child.getParentSpanId()).isEqualTo(given.getSpanId());
      assertThat(child.getServiceSpan()).isSameAs(given).isNotSameAs(active);
    }
  }

  @Test
  void aParentThatHasEndedStillIsTheParent() {
    Tracer tracer = test.recording();
    Span parent = tracer.startSpan("parent");
    parent.end();
    try (Span child = tracer.spanBuilder("late").setParent(parent).startSpan()) {
      assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
      assertThat(child.getServiceSpan()).isSameAs(parent);
    }
    assertThat(test.sink.tree()).isEqualTo("parent\n  late\n");
  }

  @Test
  void noParentMakesAServiceSpanInTheSameTraceWhateverIsActive() {
    Tracer tracer = test.recording();
    try (Span active = tracer.startSpan("active");
        Span root = tracer.spanBuilder("root").setNoParent().startSpan()) {
      assertThat(root.isServiceSpan()).isTrue();
      assertThat(root.getParentSpanId()).isNull();
      assertThat(root.getTraceId()).isEqualTo(active.getTraceId());
      assertThat(tracer.currentSpan()).isSameAs(root);
    }
  }

  @Test
  void noParentInAContinuedTraceMakesAChildOfTheSpanUpstream() {
    Tracer tracer = test.recording();
    tracer.continueTrace(
        Map.of("sentry-trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID + "-1"));
    try (Span active = tracer.startSpan("active");
        Span root = tracer.spanBuilder("root").setNoParent().startSpan()) {
      assertThat(active.getParentSpanId()).isEqualTo(TestTracer.SPAN_ID);
      assertThat(root.isServiceSpan()).isTrue();
      assertThat(root.getParentSpanId()).isEqualTo(TestTracer.SPAN_ID);
    }
  }

  @Test
  void theLastWordOnTheParentCounts() {
    Tracer tracer = test.recording();
    try (Span active = tracer.startSpan("active");
        Span child = tracer.spanBuilder("a").setNoParent().setParent(active).startSpan();
        Span root = tracer.spanBuilder("b").setParent(active).setNoParent().startSpan()) {
      assertThat(child.getParentSpanId()).isEqualTo(active.getSpanId());
      assertThat(root.isServiceSpan()).isTrue();
    }
  }

  @Test
  void aNullParentAndOneOfAnotherTracerStandForTheActiveSpan() {
    Tracer tracer = test.recording();
    Tracer other = test.recording();
    try (Span foreign = other.spanBuilder("foreign").setActive(false).startSpan();
        Span active = tracer.startSpan("active");
        Span one = tracer.spanBuilder("one").setParent(null).setActive(false).startSpan();
        Span two = tracer.spanBuilder("two").setParent(foreign).startSpan()) {
      assertThat(one.getParentSpanId()).isEqualTo(active.getSpanId());
      assertThat(two.getParentSpanId()).isEqualTo(active.getSpanId());
    }
  }

  @Test
  void twoServiceSpansInARowShareATraceUntilANewOneBegins() {
    Tracer tracer = test.recording();
    String first = traceIdOfServiceSpan(tracer);
    assertThat(traceIdOfServiceSpan(tracer)).isEqualTo(first);
    Traces.newTrace();
    String second = traceIdOfServiceSpan(tracer);
    assertThat(second).isNotEqualTo(first);
    tracer.continueTrace(Map.of("sentry-trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID));
    assertThat(traceIdOfServiceSpan(tracer)).isEqualTo(TestTracer.TRACE_ID);
    try (Isolation isolation = Traces.isolate()) {
      assertThat(traceIdOfServiceSpan(tracer)).isNotEqualTo(TestTracer.TRACE_ID);
    }
    assertThat(traceIdOfServiceSpan(tracer)).isEqualTo(TestTracer.TRACE_ID);
  }

  @Test
  void continueTraceStartsNothingAndGivesServiceSpansTheirRemoteParent() {
    Tracer tracer = test.recording();
    tracer.continueTrace(
        Map.of("SENTRY-Trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID + "-1"));
    assertThat(tracer.stats().started()).isZero();
    assertThat(tracer.currentSpan()).isNull();
    try (Span first = tracer.startSpan("first")) {
      assertThat(first.getTraceId()).isEqualTo(TestTracer.TRACE_ID);
      assertThat(first.getParentSpanId()).isEqualTo(TestTracer.SPAN_ID);
      assertThat(first.isServiceSpan()).isTrue();
    }
    try (Span second = tracer.startSpan("second")) {
      assertThat(second.getParentSpanId()).isEqualTo(TestTracer.SPAN_ID);
    }
  }

  @Test
  void aNewTraceLeavesTheTreeThatIsOpenAlone() {
    Tracer tracer = test.recording();
    try (Span parent = tracer.startSpan("parent")) {
      Traces.newTrace();
      try (Span child = tracer.startSpan("child")) {
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
        assertThat(tracer.traceHeaders().get("sentry-trace")).startsWith(parent.getTraceId());
      }
    }
  }

  @Test
  void theDecisionSeesStartNameAndStartAttributesOnly() {
    List<String> asked = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      asked.add(
                          context.getSpanContext().getName()
                              + context.getSpanContext().getAttributes());
                      return 1.0;
                    }));
    try (Span span = tracer.startSpan("start", Map.of("a", 1))) {
      span.setName("later").setAttribute("b", 2);
      tracer.startSpan("child").end();
    }
    assertThat(asked).containsExactly("start{a=1}");
  }

  @Test
  void aBuilderSetsAttributesLinksAndTheStart() {
    Tracer tracer = test.recording();
    Instant at = Instant.parse("2026-11-20T10:00:00.123456Z");
    Tracer off = test.unsampled();
    try (Span linked = tracer.startSpan("linked");
        Span unsampled = off.startSpan("unsampled");
        Span span =
            tracer
                .spanBuilder("built")
                .setAttribute("a", 1)
                .setAttributes(Map.of("b", "two"))
                .setStartTimestamp(at)
                .addLink(linked)
                .addLink(unsampled)
                .addLink(SpanLink.to(TestTracer.TRACE_ID, TestTracer.SPAN_ID))
                .startSpan()) {
      assertThat(span.getStartTimestamp()).isEqualTo(at);
      assertThat(span.getAttributes()).isEqualTo(Map.of("a", 1L, "b", "two"));
      span.addLink(unsampled).end(at.plusMillis(5));
      assertThat(test.only("built").getLinks())
          .containsExactly(
              new SpanLink(linked.getTraceId(), linked.getSpanId(), true, Map.of()),
              new SpanLink(TestTracer.TRACE_ID, TestTracer.SPAN_ID, null, Map.of()));
    }
    assertThat(test.only("built").getEndTimestamp()).isEqualTo(at.plusMillis(5));
  }

  @Test
  void aBuilderMayBeUsedAgainAndCopiesWhatItIsGiven() {
    Tracer tracer = test.recording();
    List<String> values = new ArrayList<>(List.of("one"));
    SpanBuilder builder = tracer.spanBuilder("again").setActive(false).setAttribute("k", values);
    values.add("two");
    try (Span first = builder.startSpan();
        Span second = builder.setAttribute("n", 2).startSpan()) {
      assertThat(first.getSpanId()).isNotEqualTo(second.getSpanId());
      assertThat(first.getAttributes()).isEqualTo(Map.of("k", List.of("one")));
      assertThat(second.getAttributes()).isEqualTo(Map.of("k", List.of("one"), "n", 2L));
    }
  }

  private static String traceIdOfServiceSpan(Tracer tracer) {
    try (Span span = tracer.startSpan("service")) {
      return span.getTraceId();
    }
  }
}

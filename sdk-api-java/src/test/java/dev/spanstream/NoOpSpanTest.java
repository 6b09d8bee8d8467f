package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.DropReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A span that records nothing (sdk/telemetry/spans, "Noop Span"). */
class NoOpSpanTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  enum Kind {
    UNSAMPLED,
    IGNORED,
    DISABLED
  }

  private Tracer tracer(Kind kind) {
    return test.with(
        options -> {
          options.setTracesSampleRate(kind == Kind.UNSAMPLED ? 0.0 : 1.0);
          options.setIgnoreSpans(List.of(IgnoreSpanRule.named("ignored")));
          if (kind == Kind.DISABLED) {
            options.setSink(null);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void gettersGiveDefaultsAndSettersDoNothing(Kind kind) {
    Tracer tracer = tracer(kind);
    Span span = tracer.startSpan("ignored", Map.of("a", 1));
    Span same =
        span.setName("x")
            .setAttribute("a", "b")
            .setAttribute("b", 1)
            .setAttribute("c", 1.5)
            .setAttribute("d", true)
            .setAttribute("e", (Object) 'c')
            .setAttributes(Map.of("f", 1))
            .removeAttribute("a")
            .setStatus(SpanStatus.ERROR)
            .setStatus("error")
            .addLink(span)
            .addLink(SpanLink.to(TestTracer.TRACE_ID, TestTracer.SPAN_ID));
    assertThat(same).isSameAs(span);
    assertThat(span.getName()).isEmpty();
    assertThat(span.getTraceId()).isEqualTo("0".repeat(32));
    assertThat(span.getSpanId()).isEqualTo("0".repeat(16));
    assertThat(span.getParentSpanId()).isNull();
    assertThat(span.getAttributes()).isEmpty();
    assertThat(span.getStatus()).isEqualTo(SpanStatus.OK);
    assertThat(span.getStartTimestamp()).isEqualTo(Instant.EPOCH);
    assertThat(span.getEndTimestamp()).isNull();
    assertThat(span.isRecording()).isFalse();
    assertThat(span.isSampled()).isFalse();
    assertThat(span.isServiceSpan()).isTrue();
    assertThat(span.getServiceSpan()).isSameAs(span);
    span.end(Instant.now());
    span.end();
    span.close();
    assertThat(test.sink.spans()).isEmpty();
  }

  @Test
  void aNoOpServiceSpanIsActiveSoItsDescendantsKnow() {
    Tracer tracer = test.unsampled();
    try (Span service = tracer.startSpan("service")) {
      assertThat(tracer.currentSpan()).isSameAs(service);
      assertThat(service.hasEnded()).isFalse();
      try (Span child = tracer.startSpan("child")) {
        assertThat(child.isSampled()).isFalse();
        assertThat(child.isServiceSpan()).isFalse();
        assertThat(child.getServiceSpan()).isSameAs(service);
        assertThat(tracer.currentSpan()).isSameAs(service);
      }
    }
    assertThat(tracer.currentSpan()).isNull();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.SAMPLE_RATE, 2L));
  }

  @Test
  void anInactiveNoOpServiceSpanDoesNotBecomeActive() {
    Tracer tracer = test.unsampled();
    try (Span service = tracer.spanBuilder("service").setActive(false).startSpan()) {
      assertThat(tracer.currentSpan()).isNull();
      assertThat(service.isServiceSpan()).isTrue();
    }
  }

  @Test
  void aNoOpServiceSpanAsParentMeansNoOpEvenAfterItsEnd() {
    Tracer tracer = tracer(Kind.IGNORED);
    Span ignored = tracer.startSpan("ignored");
    ignored.end();
    try (Span child = tracer.spanBuilder("child").setParent(ignored).startSpan()) {
      assertThat(child.isSampled()).isFalse();
    }
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.IGNORED, 2L));
  }

  @Test
  void aNoOpChildIsNotActiveAndItsChildrenAttachToTheNearestRecordingAncestor() {
    Tracer tracer = tracer(Kind.IGNORED);
    try (Span service = tracer.startSpan("service");
        Span ignored = tracer.startSpan("ignored");
        Span child = tracer.startSpan("child");
        Span explicit = tracer.spanBuilder("explicit").setParent(ignored).startSpan()) {
      assertThat(child.getParentSpanId()).isEqualTo(service.getSpanId());
      assertThat(explicit.getParentSpanId()).isEqualTo(service.getSpanId());
      assertThat(ignored.getServiceSpan()).isSameAs(service);
      assertThat(ignored.isServiceSpan()).isFalse();
    }
    assertThat(test.sink.tree()).isEqualTo("service\n  child\n  explicit\n");
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.IGNORED, 1L));
  }

  @Test
  void anIgnoredChildOfAnIgnoredChildFindsTheSameAncestor() {
    Tracer tracer = tracer(Kind.IGNORED);
    try (Span service = tracer.startSpan("service");
        Span one = tracer.startSpan("ignored");
        Span two = tracer.spanBuilder("ignored").setParent(one).startSpan();
        Span child = tracer.spanBuilder("child").setParent(two).startSpan()) {
      assertThat(child.getParentSpanId()).isEqualTo(service.getSpanId());
    }
  }

  @Test
  void aNoOpChildOfAnUnsampledTreeAsParentMeansNoOp() {
    Tracer tracer = test.unsampled();
    try (Span service = tracer.startSpan("service");
        Span child = tracer.startSpan("child");
        Span grandchild = tracer.spanBuilder("x").setParent(child).startSpan()) {
      assertThat(grandchild.isSampled()).isFalse();
      assertThat(grandchild.getServiceSpan()).isSameAs(service);
    }
  }

  @Test
  void eachIsCountedOnceWhenItEnds() {
    Tracer tracer = test.unsampled();
    Span span = tracer.startSpan("service");
    assertThat(tracer.stats().ended()).isZero();
    assertThat(tracer.stats().open()).isEqualTo(1);
    span.end();
    span.end();
    assertThat(tracer.stats().ended()).isEqualTo(1);
    assertThat(span.hasEnded()).isTrue();
  }

  @Test
  void aDisabledTracerCountsNothingAndGivesOneSpan() {
    Tracer tracer = tracer(Kind.DISABLED);
    Span span = tracer.startSpan("work");
    assertThat(tracer.startSpan("work", Map.of("a", 1))).isSameAs(span);
    assertThat(tracer.spanBuilder("work").setAttribute("a", 1).setParent(span).startSpan())
        .isSameAs(span);
    assertThat(tracer.currentSpan()).isNull();
    span.end();
    assertThat(span.hasEnded()).isFalse();
    assertThat(tracer.isEnabled()).isFalse();
    assertThat(tracer.stats().started()).isZero();
    assertThat(tracer.stats().dropped()).isEmpty();
  }

  @Test
  void aNoOpSpanOfAClosedTracerIsStillCountedWithItsReason() {
    Tracer tracer = test.unsampled();
    Span span = tracer.startSpan("service");
    tracer.close();
    assertThat(tracer.startSpan("later").isSampled()).isFalse();
    span.end();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.SAMPLE_RATE, 1L));
  }

  @Test
  void whatRefusesATraceFromUpstreamSendsMinusZeroDownstream() {
    Map<String, String> sampledUpstream =
        Map.of("sentry-trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID + "-1");
    Tracer sampler = test.with(options -> options.setTracesSampler(context -> 0.0));
    Tracer ignoring =
        test.with(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("service"))));
    for (Tracer tracer : List.of(sampler, ignoring)) {
      tracer.continueTrace(sampledUpstream);
      try (Span service = tracer.startSpan("service")) {
        assertThat(service.isSampled()).isFalse();
        assertThat(tracer.traceHeaders().get("sentry-trace"))
            .startsWith(TestTracer.TRACE_ID)
            .endsWith("-0");
      }
    }
  }

  @Test
  void itsHeadersCarryTheTraceOfThePropagationContextAndMinusZero() {
    Tracer tracer = test.unsampled();
    String outside = tracer.traceHeaders().get("sentry-trace");
    try (Span service = tracer.startSpan("service")) {
      assertThat(service.getTraceId()).isEqualTo("0".repeat(32));
      assertThat(tracer.traceHeaders()).containsEntry("sentry-trace", outside + "-0");
    }
  }
}

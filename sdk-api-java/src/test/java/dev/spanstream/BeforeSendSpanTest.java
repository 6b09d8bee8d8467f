package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.FinishedSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the hook may change, and what it may not (sdk/telemetry/spans, "beforeSendSpan"). */
class BeforeSendSpanTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private Tracer editing(BeforeSendSpan editor) {
    return test.with(options -> options.setBeforeSendSpan(editor));
  }

  @Test
  void itSeesEverythingAfterTheEnd() {
    List<SpanEdit> seen = new ArrayList<>();
    Tracer tracer = editing(seen::add);
    Traces.setAttribute("scope", 1);
    Span service = tracer.startSpan("service");
    Span child = tracer.startSpan("child");
    child.setAttribute("own", 2).setStatus(SpanStatus.ERROR);
    child.end();
    service.end();
    SpanEdit edit = seen.get(0);
    assertThat(edit.getName()).isEqualTo("child");
    assertThat(edit.getTraceId()).isEqualTo(child.getTraceId());
    assertThat(edit.getSpanId()).isEqualTo(child.getSpanId());
    assertThat(edit.getParentSpanId()).isEqualTo(service.getSpanId());
    assertThat(edit.getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(edit.isServiceSpan()).isFalse();
    assertThat(edit.getStartTimestamp()).isEqualTo(child.getStartTimestamp());
    assertThat(edit.getEndTimestamp()).isEqualTo(child.getEndTimestamp());
    assertThat(edit.getAttributes())
        .containsEntry("scope", 1L)
        .containsEntry("own", 2L)
        .containsEntry("sentry.platform", "java");
  }

  @Test
  void itMayChangeNameAndAttributes() {
    Tracer tracer =
        editing(
            span -> {
              span.setName("renamed\uD800");
              span.setAttribute("added", 1);
              span.setAttribute("null", null);
              span.setAttribute(null, 1);
              span.getAttributes().put("put", List.of(1));
              span.removeAttribute("own");
              span.removeAttribute("os.name");
            });
    tracer.startSpan("s", Map.of("own", 1)).end();
    assertThat(test.sent("renamed\uFFFD"))
        .containsEntry("added", 1L)
        .containsEntry("put", List.of(1L))
        .doesNotContainKeys("own", "os.name", "null", null);
  }

  @Test
  void everythingElseStaysAsItWas() {
    Tracer tracer = editing(span -> span.setName("renamed"));
    Span span = tracer.startSpan("s");
    span.addLink(SpanLink.to(TestTracer.TRACE_ID, TestTracer.SPAN_ID)).setStatus("error").end();
    FinishedSpan sent = test.only("renamed");
    assertThat(sent.getSpanId()).isEqualTo(span.getSpanId());
    assertThat(Hex.of(sent.getSpanIdBits())).isEqualTo(span.getSpanId());
    assertThat(sent.getParentSpanId()).isNull();
    assertThat(sent.getParentSpanIdBits()).isZero();
    assertThat(sent.getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(sent.getLinks()).hasSize(1);
    assertThat(sent.isServiceSpan()).isTrue();
    assertThat(sent.getStartTimestamp()).isEqualTo(span.getStartTimestamp());
    assertThat(sent.getEndTimestamp()).isEqualTo(span.getEndTimestamp());
    assertThat(span.getName()).as("the span of the application is another").isEqualTo("s");
  }

  @Test
  void whatTheReceiverNeedsSurvives() {
    Tracer tracer =
        editing(
            span -> {
              span.getAttributes().clear();
              span.setAttribute("sentry.segment.id", "x");
              span.setAttribute("sentry.trace_lifecycle", "static");
            });
    tracer.startSpan("s").end();
    assertThat(test.sent("s"))
        .isEqualTo(
            Map.of(
                "sentry.segment.id", test.only("s").getSpanId(),
                "sentry.segment.name", "s",
                "sentry.trace_lifecycle", "stream"));
  }

  @Test
  void aNewNameOfAServiceSpanIsTheSegmentNameOfItsChildren() {
    Tracer tracer =
        editing(
            span -> {
              if (span.isServiceSpan()) {
                span.setName("clean");
              }
            });
    try (Span service = tracer.startSpan("secret")) {
      tracer.startSpan("child").end();
      service.setAttribute("x", 1);
    }
    assertThat(test.sent("child")).containsEntry("sentry.segment.name", "clean");
    assertThat(test.sent("clean")).containsEntry("sentry.segment.name", "clean");
  }

  @Test
  void ifItThrowsTheOriginalIsSent() {
    Tracer tracer =
        editing(
            span -> {
              span.setName("half");
              throw new StackOverflowError();
            });
    tracer.startSpan("s").end();
    assertThat(test.sink.tree()).isEqualTo("s\n");
    assertThat(tracer.stats().sent()).isEqualTo(1);
    assertThat(test.logs).hasSize(1).first().asString().contains("beforeSendSpan threw for 's'");
  }

  @Test
  void itCannotDropByNullingTheName() {
    Tracer tracer = editing(span -> span.setName(null));
    tracer.startSpan("s").end();
    assertThat(test.sink.tree()).isEqualTo("s\n");
  }

  @Test
  void itIsNotAskedForSpansThatAreNotRecorded() {
    Tracer tracer =
        test.with(
            options -> {
              options.setTracesSampleRate(0.0);
              options.setBeforeSendSpan(
                  span -> {
                    throw new AssertionError();
                  });
            });
    tracer.startSpan("s").end();
    assertThat(test.logs).isEmpty();
  }

  @Test
  void whatItKeepsAndChangesLaterDoesNotReachTheSpan() {
    List<SpanEdit> kept = new ArrayList<>();
    Tracer tracer = editing(kept::add);
    tracer.startSpan("s").end();
    kept.get(0).setAttribute("later", 1);
    kept.get(0).setName("later");
    assertThat(test.sent("s")).doesNotContainKey("later");
  }
}

package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.DropReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How spans end: once, in any order, on any thread. */
class EndingSpansTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  @RegisterExtension final TestTracer test = new TestTracer();

  @Test
  void theFirstEndWins() {
    Tracer tracer = test.recording();
    Span span = tracer.spanBuilder("work").setStartTimestamp(NOON).startSpan();
    span.end(NOON.plusSeconds(1));
    span.end(NOON.plusSeconds(2));
    span.end();
    span.close();
    assertThat(span.getEndTimestamp()).isEqualTo(NOON.plusSeconds(1));
    assertThat(test.sink.spans()).hasSize(1);
    assertThat(tracer.stats().ended()).isEqualTo(1);
  }

  @Test
  void writesAfterTheEndAreIgnoredWithADebugLog() {
    Tracer tracer = test.with(options -> options.setDebug(true));
    Span span = tracer.startSpan("work", Map.of("kept", true));
    span.end();
    span.setName("other")
        .setAttribute("a", "x")
        .setAttribute("b", 1)
        .setAttribute("c", 1.5)
        .setAttribute("d", true)
        .setAttribute("e", (Object) 'x')
        .setAttributes(Map.of("f", 1))
        .removeAttribute("kept")
        .setStatus(SpanStatus.ERROR)
        .setStatus("error")
        .addLink(SpanLink.to(TestTracer.TRACE_ID, TestTracer.SPAN_ID))
        .end();
    assertThat(span.getName()).isEqualTo("work");
    assertThat(span.getAttributes()).isEqualTo(Map.of("kept", true));
    assertThat(span.getStatus()).isEqualTo(SpanStatus.OK);
    assertThat(span.isRecording()).isFalse();
    assertThat(span.isSampled()).isTrue();
    assertThat(test.only("work").getLinks()).isEmpty();
    assertThat(test.logs).hasSize(12).allMatch(line -> line.contains("after the end of span"));
  }

  @Test
  void anEndBeforeTheStartIsClampedToTheStart() {
    Span span = test.recording().spanBuilder("work").setStartTimestamp(NOON).startSpan();
    span.end(NOON.minusSeconds(1));
    assertThat(span.getEndTimestamp()).isEqualTo(NOON);
  }

  @Test
  void aStartInTheFutureClampsAnEndNow() {
    Instant future = Instant.parse("2999-01-01T00:00:00Z");
    Span span = test.recording().spanBuilder("work").setStartTimestamp(future).startSpan();
    span.end();
    assertThat(span.getEndTimestamp()).isEqualTo(future);
  }

  @Test
  void endOfNullMeansNow() {
    Instant[] now = {NOON};
    Span span = test.with(options -> options.setClock(() -> now[0])).startSpan("work");
    now[0] = NOON.plusSeconds(1);
    span.end(null);
    assertThat(span.getEndTimestamp()).isEqualTo(NOON.plusSeconds(1));
  }

  @Test
  void timestampsBeyondAllReasonAreSaturatedNotThrown() {
    Span span = test.recording().spanBuilder("work").setStartTimestamp(Instant.MIN).startSpan();
    span.end(Instant.MAX);
    assertThat(test.only("work").getStartMicros()).isEqualTo(Long.MIN_VALUE);
    assertThat(test.only("work").getEndMicros()).isEqualTo(Long.MAX_VALUE);
    assertThat(span.getEndTimestamp()).isAfter(span.getStartTimestamp());
  }

  @Test
  void endingAParentBeforeItsChildNeverReactivatesIt() {
    Tracer tracer = test.recording();
    Span grandparent = tracer.startSpan("grandparent");
    Span parent = tracer.startSpan("parent");
    Span child = tracer.startSpan("child");
    parent.end();
    assertThat(tracer.currentSpan()).isSameAs(child);
    child.end();
    assertThat(tracer.currentSpan()).isSameAs(grandparent);
    grandparent.end();
    assertThat(tracer.currentSpan()).isNull();
    assertThat(test.sink.tree()).isEqualTo("grandparent\n  parent\n    child\n");
  }

  @Test
  void endingOnAnotherThreadLeavesThatThreadAsItWasAndIsSeenByTheFirst() throws Exception {
    test.lenient();
    Tracer tracer = test.recording();
    Span span = tracer.startSpan("here");
    List<Object> seen = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try (Span there = tracer.startSpan("there")) {
                span.end();
                seen.add(tracer.currentSpan() == there);
              }
              seen.add(tracer.currentSpan() == null);
            });
    other.start();
    other.join();
    assertThat(seen).containsExactly(true, true);
    assertThat(tracer.currentSpan()).isNull();
    try (Span next = tracer.startSpan("next")) {
      assertThat(next.isServiceSpan()).isTrue();
    }
  }

  @Test
  void spansThatOverlapWithoutEndDoNotPileUp() {
    Tracer tracer = test.recording();
    Span previous = tracer.startSpan("first");
    for (int i = 0; i < 10_000; i++) {
      Span next = tracer.startSpan("next");
      previous.end();
      previous = next;
    }
    int depth = TraceContext.current().depth();
    previous.end();
    assertThat(depth).isLessThan(1_000);
    assertThat(TraceContext.current().depth()).isZero();
  }

  @Test
  void manyNestedSpansAllStayActive() {
    Tracer tracer = test.recording();
    List<Span> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(tracer.startSpan("level " + i));
    }
    for (int i = 99; i >= 0; i--) {
      assertThat(tracer.currentSpan()).isSameAs(open.get(i));
      open.get(i).end();
    }
  }

  @Test
  void aSpanThatEndsAfterCloseIsCountedAsDropped() {
    Tracer tracer = test.recording();
    Span span = tracer.startSpan("late");
    tracer.close();
    span.end();
    assertThat(test.sink.spans()).isEmpty();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.BUFFER_OVERFLOW, 1L));
    assertThat(tracer.stats().open()).isZero();
  }

  @Test
  void childrenNestInsideParentsEvenIfTheWallClockSteps() {
    Instant[] wall = {NOON};
    long[] nanos = {Long.MAX_VALUE - 500_000}; // It overflows meanwhile, as it may.
    Tracer tracer =
        test.with(
            options -> {
              options.setClock(() -> wall[0]);
              options.nanoTime = () -> nanos[0];
            });
    Span parent = tracer.startSpan("parent");
    wall[0] = NOON.minusSeconds(3600);
    nanos[0] += 1_000_000;
    Span child = tracer.startSpan("child");
    nanos[0] += 2_000_000;
    child.end();
    parent.end();
    assertThat(parent.getStartTimestamp()).isEqualTo(NOON);
    assertThat(child.getStartTimestamp()).isEqualTo(NOON.plusMillis(1));
    assertThat(child.getEndTimestamp()).isEqualTo(NOON.plusMillis(3));
    assertThat(parent.getEndTimestamp()).isEqualTo(NOON.plusMillis(3));
  }

  @Test
  void aClockOfTheTestMeasuresEverySpan() {
    Instant[] now = {NOON};
    Tracer tracer = test.with(options -> options.setClock(() -> now[0]));
    Span parent = tracer.startSpan("parent");
    now[0] = NOON.plusMillis(1);
    Span child = tracer.startSpan("child");
    now[0] = NOON.plusMillis(3);
    child.end();
    parent.end();
    assertThat(child.getStartTimestamp()).isEqualTo(NOON.plusMillis(1));
    assertThat(Duration.between(child.getStartTimestamp(), child.getEndTimestamp()))
        .isEqualTo(Duration.ofMillis(2));
    assertThat(parent.getEndTimestamp()).isEqualTo(NOON.plusMillis(3));
  }

  @Test
  void theNameOfTheServiceSpanMayChangeUntilItEndsAndItsChildrenFollow() {
    Tracer tracer = test.recording();
    try (Span service = tracer.startSpan("GET")) {
      tracer.startSpan("child").end();
      service.setName("GET /orders/{id}");
    }
    assertThat(test.sent("child")).containsEntry("sentry.segment.name", "GET /orders/{id}");
    assertThat(test.only("child").getTree().hasServiceSpanEnded()).isTrue();
  }
}

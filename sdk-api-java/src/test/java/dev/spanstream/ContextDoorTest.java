package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.internal.ContextDoor;
import dev.spanstream.internal.ContextDoor.Handle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What coroutines and plugins build on, as far as threads show it. */
class ContextDoorTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private final ContextDoor door = ContextDoor.open();

  @Test
  void aForkInheritsWhatIsActiveAndGivesNothingBack() {
    test.lenient();
    Tracer tracer = test.recording();
    try (Span parent = tracer.startSpan("parent")) {
      Handle child = door.fork(door.current());
      Handle previous = door.install(child);
      assertThat(door.current()).isSameAs(child);
      Span inner = tracer.startSpan("inner");
      assertThat(inner.getParentSpanId()).isEqualTo(parent.getSpanId());
      door.restore(previous);
      assertThat(door.current()).isSameAs(previous);
      assertThat(tracer.currentSpan()).isSameAs(parent);
      assertThat(door.activeSpan(tracer, child)).isSameAs(inner);
      door.end(child, inner, null);
      assertThat(door.activeSpan(tracer, child)).isSameAs(parent);
    }
  }

  @Test
  void aForkDoesNotInheritSpansThatEndedBeforeIt() {
    Tracer tracer = test.recording();
    Span outer = tracer.startSpan("outer");
    Span middle = tracer.startSpan("middle");
    Span inner = tracer.startSpan("inner");
    middle.end();
    Handle fork = door.fork(door.current());
    assertThat(door.activeSpan(tracer, fork)).isSameAs(inner);
    inner.end();
    assertThat(door.activeSpan(tracer, door.fork(door.current()))).isSameAs(outer);
    assertThat(door.activeSpan(tracer, fork)).as("inherited while open").isSameAs(inner);
    outer.end();
  }

  @Test
  void anIsolatedContextInheritsNothing() {
    test.lenient();
    Tracer tracer = test.recording();
    Traces.setAttribute("process", 1);
    try (Span parent = tracer.startSpan("parent")) {
      Handle isolated = door.isolated();
      door.continueTrace(
          tracer,
          isolated,
          Map.of("sentry-trace", TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID + "-1"));
      assertThat(door.activeSpan(tracer, isolated)).isNull();
      Span request = door.startSpan(tracer, isolated, "request", Map.of(), true);
      assertThat(request.getTraceId()).isEqualTo(TestTracer.TRACE_ID);
      assertThat(door.activeSpan(tracer, isolated)).isSameAs(request);
      assertThat(tracer.currentSpan()).isSameAs(parent);
      door.end(isolated, request, new IOException("x"));
      assertThat(door.activeSpan(tracer, isolated)).isNull();
    }
    assertThat(test.only("request").getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(test.sent("request")).containsEntry("process", 1L);
  }

  @Test
  void aThreadThatStillPointsToARetiredContextIsPutRightAndCounted() throws Exception {
    test.lenient();
    Tracer tracer = test.recording();
    Handle coroutine = door.isolated();
    Handle own = door.install(coroutine);
    Span span = tracer.startSpan("in the coroutine");
    long before = tracer.stats().healedContexts();
    Thread owner = new Thread(() -> door.retire(coroutine));
    owner.start();
    owner.join();
    assertThat(tracer.currentSpan()).isNull();
    assertThat(door.current()).isSameAs(own);
    assertThat(tracer.stats().healedContexts()).isEqualTo(before + 1);
    span.end();
    assertThat(door.activeSpan(tracer, coroutine)).isNull();
  }

  @Test
  void theThreadThatRetiresAContextIsPutRightAndNotCounted() {
    Tracer tracer = test.recording();
    Handle coroutine = door.isolated();
    Handle own = door.install(coroutine);
    tracer.startSpan("in the coroutine").end();
    long before = tracer.stats().healedContexts();
    door.retire(coroutine);
    assertThat(door.current()).isSameAs(own);
    assertThat(tracer.stats().healedContexts()).isEqualTo(before);
    Handle next = door.isolated();
    door.install(next);
    door.retire(coroutine);
    assertThat(door.current()).isSameAs(next);
    door.restore(own);
  }

  @Test
  void aThreadThatPointsToTheContextOfWhoIsDoneIsPutRightAndCounted() {
    Tracer tracer = test.recording();
    Handle coroutine = door.isolated();
    AtomicBoolean done = new AtomicBoolean();
    door.ownedUntil(coroutine, done::get);
    Handle own = door.install(coroutine);
    Span span = tracer.startSpan("in the coroutine");
    assertThat(tracer.currentSpan()).isSameAs(span);
    span.end();
    long before = tracer.stats().healedContexts();
    done.set(true);
    assertThat(door.current()).isSameAs(own);
    assertThat(tracer.stats().healedContexts()).isEqualTo(before + 1);
  }

  @Test
  void aForkHasAnOwnerOfItsOwn() {
    Handle parent = door.isolated();
    Handle child = door.fork(parent);
    door.ownedUntil(parent, () -> true);
    Handle own = door.install(child);
    assertThat(door.current()).isSameAs(child);
    door.restore(own);
  }

  @Test
  void aRestoreOnAnotherThreadDoesNotLendThatThreadTheContextOfTheFirst() throws Exception {
    Handle own = door.install(door.isolated());
    Handle[] seen = new Handle[2];
    Thread other =
        new Thread(
            () -> {
              seen[0] = door.current();
              door.install(door.isolated());
              door.restore(own);
              seen[1] = door.current();
            });
    other.start();
    other.join();
    assertThat(seen[1]).isSameAs(seen[0]).isNotSameAs(own);
    door.restore(own);
    assertThat(door.current()).isSameAs(own);
  }

  @Test
  void aContextMayBeOnTwoThreadsInTurn() throws Exception {
    Tracer tracer = test.recording();
    Handle coroutine = door.isolated();
    Handle own = door.install(coroutine);
    Span span = tracer.startSpan("in the coroutine");
    Span[] seen = new Span[1];
    Thread other =
        new Thread(
            () -> {
              Handle previous = door.install(coroutine);
              seen[0] = tracer.currentSpan();
              door.restore(previous);
            });
    other.start();
    other.join();
    assertThat(seen[0]).isSameAs(span);
    assertThat(tracer.currentSpan()).isSameAs(span);
    span.end();
    door.restore(own);
  }

  @Test
  void theSamplerSeesWhatAPluginGaveUntilItIsTakenBack() {
    test.lenient();
    List<String> seen = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      seen.add(context.get("ktor_call") + " of " + context.get("shop"));
                      return 1;
                    }));
    Traces.isolationScope().setCustomSamplingContext(Map.of("shop", "ours"));
    Handle isolated = door.isolated();
    door.customSamplingContext(isolated, Map.of("ktor_call", "the call"));
    Handle before = door.fork(isolated);
    door.end(isolated, door.startSpan(tracer, isolated, "GET", Map.of(), null, true), null);
    door.customSamplingContext(isolated, Map.of());
    Handle after = door.fork(isolated);
    door.end(before, door.startSpan(tracer, before, "before", Map.of(), null, true), null);
    door.end(after, door.startSpan(tracer, after, "after", Map.of(), null, true), null);
    assertThat(seen).containsExactly("the call of ours", "the call of ours", "null of ours");
  }

  @Test
  void aGivenParentCountsAndNullMeansAServiceSpan() {
    Tracer tracer = test.recording();
    Handle here = door.current();
    try (Span parent = tracer.startSpan("parent")) {
      Span child = door.startSpan(tracer, here, "child", Map.of("k", 1), parent, false);
      Span root = door.startSpan(tracer, here, "root", Map.of(), null, false);
      assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
      assertThat(root.isServiceSpan()).isTrue();
      door.end(here, child, null);
      door.end(here, root, null);
    }
  }

  @Test
  void theHeadersOfARequestNameItsOwnSpan() {
    Tracer tracer =
        test.with(
            options -> {
              options.setDsn(TestTracer.DSN);
              options.setIgnoreSpans(List.of(IgnoreSpanRule.named("out")));
              options.setSendDefaultPii(true);
            });
    Handle here = door.current();
    try (Span active = tracer.startSpan("active");
        Span request = tracer.spanBuilder("request").setActive(false).startSpan();
        Span ignored = tracer.startSpan("out")) {
      String url = "https://x/";
      assertThat(door.traceHeaders(tracer, here, url, request).get("sentry-trace"))
          .contains(request.getSpanId());
      assertThat(door.traceHeaders(tracer, here, url, ignored).get("sentry-trace"))
          .contains(active.getSpanId());
      assertThat(door.traceHeaders(tracer, here, url, null).get("sentry-trace"))
          .contains(active.getSpanId());
      String receiver = "https://o447951.ingest.us.sentry.io/";
      assertThat(door.traceHeaders(tracer, here, receiver, request)).isEmpty();
    }
    assertThat(door.isOwnReceiver(tracer, "o447951.ingest.us.sentry.io", 443)).isTrue();
    assertThat(door.isOwnReceiver(tracer, "o447951.ingest.us.sentry.io", 80)).isFalse();
    assertThat(door.sendsDefaultPii(tracer)).isTrue();
  }
}

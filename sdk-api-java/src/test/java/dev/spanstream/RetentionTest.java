package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A million ended spans leave nothing behind, whatever is still open. */
class RetentionTest {
  private static final int SPANS = 1_000_000;
  private static final int SAMPLE = 1_000;
  private static final int PATIENCE = 100;

  private final List<WeakReference<Span>> ended = new ArrayList<>();
  private final Tracer tracer =
      Tracer.create(
          options -> {
            options.setSink(span -> {}); // So that what is found must be held by the SDK.
            options.setTracesSampleRate(1.0);
          });

  @AfterEach
  void close() {
    tracer.close();
  }

  private void remember(int number, Span span) {
    if (number % SAMPLE == 0) {
      ended.add(new WeakReference<>(span));
    }
  }

  private long reachable() {
    long left = SPANS;
    for (int i = 0; i < PATIENCE && left > 0; i++) {
      System.gc();
      left = ended.stream().filter(span -> span.get() != null).count();
    }
    return left;
  }

  @Test
  void childrenOfAServiceSpanThatNeverEndsAreForgotten() {
    Span endless = tracer.startSpan("endless");
    for (int i = 0; i < SPANS; i++) {
      Span child = tracer.startSpan("child");
      child.end();
      remember(i, child);
    }
    assertThat(reachable()).isZero();
    assertThat(endless.hasEnded()).isFalse();
    endless.end();
  }

  @Test
  void serviceSpansAreForgotten() {
    for (int i = 0; i < SPANS; i++) {
      Span service = tracer.startSpan("service");
      tracer.startSpan("child").end();
      service.end();
      remember(i, service);
    }
    // The last of them may stay, until the next one starts on this thread.
    assertThat(reachable()).isLessThanOrEqualTo(1);
  }

  @Test
  void spansThatEndOutOfOrderAreForgotten() {
    Span endless = tracer.startSpan("endless");
    for (int i = 0; i < SPANS; i++) {
      Span outer = tracer.startSpan("outer");
      Span inner = tracer.startSpan("inner");
      outer.end();
      inner.end();
      remember(i, outer);
    }
    assertThat(reachable()).isZero();
    endless.end();
  }

  @Test
  void tasksHandedToAThreadAreForgotten() {
    Span endless = tracer.startSpan("endless");
    for (int i = 0; i < SPANS; i++) {
      int number = i;
      Traces.wrap(
              () -> {
                Span span = tracer.startSpan("task");
                remember(number, span);
                span.end();
              })
          .run();
    }
    assertThat(reachable()).isZero();
    endless.end();
  }
}

package dev.spanstream;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What a thrown exception does to the span that it leaves. */
final class SpanErrors {
  /** A cancellation by name, but a failure by nature: the time was up. */
  private static final String TIMEOUT = "kotlinx.coroutines.TimeoutCancellationException";

  private SpanErrors() {}

  static void record(BaseSpan span, Throwable thrown) {
    if (thrown instanceof CancellationException && !thrown.getClass().getName().equals(TIMEOUT)) {
      return;
    }
    span.setStatus(SpanStatus.ERROR);
    span.setAttribute("error.type", thrown.getClass().getName());
    if (span.isRecording() && span.tree.tracer().sendsDefaultPii()) {
      span.setAttribute("exception.message", messageOf(thrown)); // Null sets nothing.
    }
  }

  private static @Nullable String messageOf(Throwable thrown) {
    try {
      return thrown.getMessage();
    } catch (Throwable hostile) {
      return "(unreadable)";
    }
  }
}

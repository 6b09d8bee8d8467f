package dev.spanstream.sink;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a tracer puts the spans that have ended: the streaming pipeline of {@code
 * spanstream-coroutines}, an {@link InMemorySpanSink} in tests, or your own.
 *
 * <p><b>Threading.</b> {@link #accept} and {@link #dropped} are called by the thread that ended the
 * span, from many threads at once. They must return quickly, never block, and never throw; a span
 * whose sink throws is counted as {@link DropReason#INTERNAL_SDK_ERROR}.
 *
 * <p><b>Accounts.</b> A span that {@code accept} took and that never arrives must be counted in
 * {@link #stats()}: nothing is lost without a count.
 */
public interface SpanSink {
  /** Takes a span that has just ended. It is immutable, but for the late name of its tree. */
  void accept(FinishedSpan span);

  /**
   * Tells of spans that ended without being recorded, for the client report. The tracer has counted
   * them already.
   *
   * @param reason why they were not recorded
   * @param spans how many, at least one
   */
  default void dropped(DropReason reason, int spans) {}

  /**
   * Sends everything accepted before the call and waits until it has been answered, spooled or
   * counted.
   *
   * @return false if that took longer than {@code timeout}
   */
  default boolean flush(Duration timeout) {
    return true;
  }

  /**
   * Flushes for at most {@code timeout}, counts what is left, and releases every thread and
   * connection. Idempotent.
   *
   * <p>Spans that end later are not offered any more, but one that is just ending may still be:
   * count it as dropped.
   */
  default void close(Duration timeout) {}

  /**
   * What became of the accepted spans, or null if every accepted span counts as sent (a sink that
   * keeps or forwards them on the spot).
   */
  default @Nullable SinkStats stats() {
    return null;
  }

  /**
   * How often the sample rate is to be halved because this sink cannot keep up, from 0 (healthy) to
   * 10. Read at each sampling decision; must be a plain field read.
   */
  default int downsampleFactor() {
    return 0;
  }
}

package dev.spanstream.sink;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a tracer puts the spans that have ended: the streaming pipeline of {@code
 * spanstream-coroutines}, an {@link InMemorySpanSink} in tests, or your own.
 *
 * <pre>{@code
 * options.setSink(span -> ended.increment()); // a counter of yours; each span counts as sent
 * }</pre>
 *
 * <p><b>Threading.</b> {@link #accept} and {@link #dropped} are called by the thread that ended the
 * span, from many threads at once. They must return quickly, never block, and never throw; a span
 * whose sink throws is counted as {@link DropReason#INTERNAL_SDK_ERROR}. What the other methods
 * throw is logged, and goes no further.
 *
 * <p><b>Accounts.</b> A span that {@code accept} took and that never arrives must be counted in
 * {@link #stats()}: nothing is lost without a count.
 */
public interface SpanSink {
  /**
   * Takes a recorded span that has just ended, once. It is immutable, but for what its {@link
   * FinishedSpan#getTree tree} says of its service span.
   */
  void accept(FinishedSpan span);

  /**
   * Tells of spans that ended and that {@link #accept} did not take, for the client report: they
   * were not recorded, the tracer was closed, or {@code accept} threw. The tracer has counted them
   * already.
   *
   * @param reason why they are not sent
   * @param spans how many, at least one
   */
  default void dropped(DropReason reason, int spans) {}

  /**
   * Sends everything accepted before the call and waits until it has been answered, spooled or
   * counted. By default there is nothing to wait for.
   *
   * @param timeout as the caller of {@link dev.spanstream.Tracer#flush} gave it, unchecked
   * @return false if that took longer than {@code timeout}
   */
  default boolean flush(Duration timeout) {
    return true;
  }

  /**
   * Flushes for at most {@code timeout}, counts what is left, and releases every thread and
   * connection. Idempotent. Does nothing by default.
   *
   * <p>Spans that end later are not offered any more, but one that is just ending may still be:
   * count it as dropped. {@link #dropped} may be called, too.
   *
   * @param timeout {@link dev.spanstream.TracingOptions#setShutdownTimeout}
   */
  default void close(Duration timeout) {}

  /**
   * What became of the accepted spans, or null, the default, if every accepted span counts as sent
   * (a sink that keeps or forwards them on the spot). Called by any thread, at any time; must not
   * block.
   */
  default @Nullable SinkStats stats() {
    return null;
  }

  /**
   * How often the sample rate is to be halved because this sink cannot keep up, from 0 (healthy,
   * the default) to 10; what is beyond is taken for the nearer of them. Read at each sampling
   * decision; must be a plain field read. Not read if {@link
   * dev.spanstream.TracingOptions#setEnableBackpressureHandling} is off.
   */
  default int downsampleFactor() {
    return 0;
  }
}

package dev.spanstream;

/**
 * Work that is measured by a span; see {@link Traces#run}.
 *
 * @param <E> what it may throw; {@code RuntimeException} if nothing is declared
 */
@FunctionalInterface
public interface SpanRunnable<E extends Exception> {
  /**
   * Does the work, on the thread of the caller, who ends the span. The span is active, and may be
   * one that records nothing.
   */
  void run(Span span) throws E;
}

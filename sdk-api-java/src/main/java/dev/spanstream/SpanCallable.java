package dev.spanstream;

/**
 * Work that is measured by a span and returns something; see {@link Traces#call}.
 *
 * @param <T> what it returns
 * @param <E> what it may throw; {@code RuntimeException} if nothing is declared
 */
@FunctionalInterface
public interface SpanCallable<
    T extends @org.jspecify.annotations.Nullable Object, E extends Exception> {
  /**
   * Does the work, on the thread of the caller, who ends the span. The span is active, and may be
   * one that records nothing.
   */
  T call(Span span) throws E;
}

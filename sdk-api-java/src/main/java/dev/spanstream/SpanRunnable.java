package dev.spanstream;

/** Work that is measured by a span. */
@FunctionalInterface
public interface SpanRunnable<E extends Exception> {
  /** Does the work; the span is active and is ended by the caller. */
  void run(Span span) throws E;
}

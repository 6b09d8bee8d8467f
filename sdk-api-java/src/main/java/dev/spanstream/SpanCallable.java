package dev.spanstream;

/** Work that is measured by a span and returns something. */
@FunctionalInterface
public interface SpanCallable<
    T extends @org.jspecify.annotations.Nullable Object, E extends Exception> {
  /** Does the work; the span is active and is ended by the caller. */
  T call(Span span) throws E;
}

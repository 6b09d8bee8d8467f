package dev.spanstream.benchmarks.sdk;

/**
 * One way to trace, reduced to what is measured. Each method is what a user of that SDK would
 * write: the span is made active and ended. What it returns only keeps the compiler from leaving it
 * out.
 *
 * <p>A fork of a benchmark loads one implementation, so the calls cost nothing.
 */
public interface Sdk extends AutoCloseable {
  /** A span without a parent. */
  Object serviceSpan();

  /** A span under whatever is active. */
  Object child();

  /** The same with a text, a number and a truth. */
  Object childWithAttributes();

  /** Starts a span, and makes it active for the thread that asks, until it is closed. */
  Opened open();

  /** Waits until what has ended is exported, and tells how many spans were, since the start. */
  long exported();

  /** A span that is active until it is closed. */
  interface Opened extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  void close();
}

package dev.spanstream;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Finds mistakes in the use of spans, for tests: it remembers where each span of a tracer was
 * started, and what was done to it that is legal but hardly meant.
 *
 * <pre>{@code
 * StrictMode strict = new StrictMode();
 * Tracer tracer = Tracer.create(options -> {
 *   options.setSink(new InMemorySpanSink());
 *   options.setTracesSampleRate(1.0);
 *   options.setStrictMode(strict);
 * });
 * // ... the test ...
 * strict.verify();
 * }</pre>
 *
 * <p>Reported are: a span that was left open; an active span that was ended by a thread or
 * coroutine other than the one in which it is active; a thread that still pointed to the context of
 * a request or coroutine that is done. A stack trace for each span makes it too slow for
 * production.
 *
 * <p>Thread-safe.
 */
public final class StrictMode {
  private record Start(TraceContext context, boolean active, StrictModeViolation at) {}

  private final Map<Span, Start> open = new ConcurrentHashMap<>();
  private final Queue<StrictModeViolation> violations = new ConcurrentLinkedQueue<>();
  private final long healedBefore = TraceContext.healed();

  /** Makes one that has seen nothing yet. */
  public StrictMode() {}

  /**
   * Fails if anything was found since this was made. Call it when the work of the test is done.
   *
   * @throws AssertionError that tells what was found; each finding is suppressed in it, with the
   *     stack trace of where the span was started
   */
  public void verify() {
    AssertionError found = new AssertionError("Spans were not used as they are meant to be");
    violations.forEach(found::addSuppressed);
    open.values().forEach(start -> found.addSuppressed(start.at.leftOpen()));
    long healed = TraceContext.healed() - healedBefore;
    if (healed > 0) {
      found.addSuppressed(StrictModeViolation.leftContexts(healed));
    }
    if (found.getSuppressed().length > 0) {
      throw found;
    }
  }

  void started(BaseSpan span, String name, TraceContext context, boolean active) {
    open.put(span, new Start(context, active, new StrictModeViolation(name)));
  }

  void ended(BaseSpan span) {
    Start start = open.remove(span);
    if (start != null && start.active && start.context != TraceContext.current()) {
      violations.add(start.at.endedElsewhere(Thread.currentThread()));
    }
  }
}

package dev.spanstream;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

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
 * coroutine other than the one in which it is active; a thread, other than the caller's, that still
 * points to the context of a request, coroutine or task. So call {@link #verify} when all work is
 * done. A stack trace for each span makes it too slow for production.
 *
 * <p>Thread-safe. Several tracers may share one; threads are watched in the whole process.
 */
public final class StrictMode {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(1);

  private record Start(TraceContext context, boolean active, StrictModeViolation at) {}

  private final Map<Span, Start> open = new ConcurrentHashMap<>();
  private final Queue<StrictModeViolation> violations = new ConcurrentLinkedQueue<>();

  /**
   * Makes one that has seen nothing yet. From the first one on, threads are watched until the
   * process ends.
   */
  public StrictMode() {
    TraceContext.watchThreads();
  }

  /**
   * Fails if anything was found since this was made. Call it when the work of the test is done; for
   * a thread that is about to leave a context it waits up to five seconds. It forgets nothing:
   * after a failure, make another one.
   *
   * @throws AssertionError that tells what was found; each finding is suppressed in it, with the
   *     stack trace of where the span was started
   */
  public void verify() {
    AssertionError found = new AssertionError("Spans were not used as they are meant to be");
    violations.forEach(found::addSuppressed);
    open.values().forEach(start -> found.addSuppressed(start.at.leftOpen()));
    leftOnThreads()
        .forEach(
            (thread, context) ->
                found.addSuppressed(StrictModeViolation.leftOn(thread, startOf(context.active()))));
    if (found.getSuppressed().length > 0) {
      throw found;
    }
  }

  private @Nullable StrictModeViolation startOf(@Nullable Span span) {
    Start start = span == null ? null : open.get(span);
    return start == null ? null : start.at;
  }

  /** A thread may be about to point back, after it has resumed the caller: so waits for it. */
  private static Map<Thread, TraceContext> leftOnThreads() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Map<Thread, TraceContext> left = others();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL.toNanos());
      left = others();
    }
    return left;
  }

  private static Map<Thread, TraceContext> others() {
    Map<Thread, TraceContext> left = TraceContext.leftOnThreads();
    left.remove(Thread.currentThread());
    return left;
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

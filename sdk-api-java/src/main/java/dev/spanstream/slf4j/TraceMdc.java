package dev.spanstream.slf4j;

import dev.spanstream.Span;
import dev.spanstream.internal.ContextDoor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Keeps the ids of the active span in the mapped diagnostic context of SLF4J, so that every line of
 * the log names its trace.
 *
 * <pre>{@code
 * TraceMdc.install(); // once, when the application starts
 *
 * try (Span span = Traces.startSpan("charge card")) {
 *   log.info("charging"); // MDC: trace_id=4bf9…, span_id=00f0…
 * }
 * log.info("done"); // neither
 * }</pre>
 *
 * <p>A logging pattern shows them with {@code %X{trace_id}} and {@code %X{span_id}}. They follow
 * the active span, of whatever tracer, onto other threads and through coroutines. While no span is
 * active, or one that is not recorded, they are absent; so do not set these keys yourself. A span
 * that is ended by another thread stays in the MDC until the next span starts or ends.
 *
 * <p>With {@code MDCContext} of kotlinx-coroutines-slf4j the ids are right in every {@code
 * withSpan}. A span that plain code starts within a {@code withContext(MDCContext())} is not in the
 * MDC any more after the next suspension: {@code MDCContext} brings back what it had captured.
 *
 * <p>All methods may be called from any thread, at any time. The MDC of a thread follows from its
 * next start or end of a span on. An MDC that throws ends it, and does not reach the application.
 */
public final class TraceMdc {
  /** The default key of the trace's id, 32 lower-case hexadecimal digits: {@code trace_id}. */
  public static final String TRACE_ID = "trace_id";

  /** The default key of the span's id, 16 lower-case hexadecimal digits: {@code span_id}. */
  public static final String SPAN_ID = "span_id";

  private TraceMdc() {}

  /** Starts with the keys {@link #TRACE_ID} and {@link #SPAN_ID}; replaces an earlier call. */
  public static void install() {
    install(TRACE_ID, SPAN_ID);
  }

  /**
   * Starts with keys of your own; replaces an earlier call, whose keys stay where they are set.
   *
   * @throws NullPointerException if one is null
   */
  public static void install(String traceIdKey, String spanIdKey) {
    Objects.requireNonNull(traceIdKey, "traceIdKey");
    Objects.requireNonNull(spanIdKey, "spanIdKey");
    ContextDoor.open().listen(active -> put(traceIdKey, spanIdKey, active));
  }

  /** Stops, if it was installed. What is in the MDC of a thread stays there. */
  public static void uninstall() {
    ContextDoor.open().listen(null);
  }

  private static void put(String traceIdKey, String spanIdKey, @Nullable Span active) {
    try {
      if (active == null) {
        MDC.remove(traceIdKey);
        MDC.remove(spanIdKey);
      } else {
        MDC.put(traceIdKey, active.getTraceId());
        MDC.put(spanIdKey, active.getSpanId());
      }
    } catch (Throwable broken) {
      // Logging must not break tracing, nor tracing the application.
      uninstall();
    }
  }
}

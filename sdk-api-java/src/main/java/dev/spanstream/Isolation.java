package dev.spanstream;

import org.jspecify.annotations.Nullable;

/**
 * A request, a message or a job on a thread that does many: it has an isolation scope and a trace
 * of its own, and no active span. Of what was set before, only what the process and the global
 * scope hold applies (sdk/foundations/state-management/scopes, "Isolation Scope").
 *
 * <pre>{@code
 * try (Isolation isolation = Traces.isolate()) {
 *   Traces.continueTrace(message.headers());
 *   Traces.run("process message", span -> handle(message));
 * }
 * }</pre>
 *
 * <p>One that is not closed goes on for whatever the thread does next:
 *
 * <pre>{@code
 * Traces.isolate();
 * handle(message); // and what this thread does later still belongs to this message
 * }</pre>
 *
 * <p>In coroutines use {@code withNewTrace} or {@code withContinuedTrace}.
 */
public final class Isolation implements AutoCloseable {
  private final TraceContext context;
  private final @Nullable Isolation outer;
  private final int depth;
  private final Scope scope;
  private final @Nullable PropagationContext trace;
  private final ActiveSpans spans;

  Isolation(
      TraceContext context,
      @Nullable Isolation outer,
      Scope scope,
      @Nullable PropagationContext trace,
      ActiveSpans spans) {
    this.context = context;
    this.outer = outer;
    this.depth = outer == null ? 1 : outer.depth + 1;
    this.scope = scope;
    this.trace = trace;
    this.spans = spans;
  }

  /**
   * Returns to what was in force before, and closes what was isolated within. Ends no span.
   * Idempotent. Called by a thread or coroutine that did not open it, it does nothing.
   */
  @Override
  public void close() {
    if (TraceContext.current() == context) {
      context.close(this);
    }
  }

  int depth() {
    return depth;
  }

  @Nullable Isolation outer() {
    return outer;
  }

  Scope scope() {
    return scope;
  }

  @Nullable PropagationContext trace() {
    return trace;
  }

  ActiveSpans spans() {
    return spans;
  }
}

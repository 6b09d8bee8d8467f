package dev.spanstream;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

// One long file because it is one door: every method hands on to the owner of what it does.

/**
 * The door for applications: everything of the default {@link Tracer}, and of the context of the
 * caller, without an instance in hand.
 *
 * <pre>{@code
 * Traces.init(options -> {
 *   options.setDsn(dsn);
 *   options.setTracesSampleRate(0.2);
 * });
 *
 * Receipt receipt = Traces.call("checkout", span -> {
 *   span.setAttribute("cart.items", cart.size());
 *   return shop.checkout(cart);
 * });
 * }</pre>
 *
 * <p>May be called from any thread. Before {@link #init} and after {@link #close}, bodies and tasks
 * run and nothing is recorded; {@link #traceHeaders()} is empty, and {@link #continueTrace} does
 * nothing.
 *
 * <p>What throws is {@link #init}; {@link #traced(Class, Object)} on a wrong type; {@link #run} and
 * {@link #call} what their body throws; and a {@link NullPointerException} whatever is given no
 * body, task, type, target or executor. Nothing else does.
 */
public final class Traces {
  private static volatile Tracer tracer = Tracer.DISABLED;

  private Traces() {}

  /**
   * Makes the default tracer, then closes the previous one, which may block: see {@link
   * Tracer#close()}. If it throws, the previous one stays.
   *
   * <p>With {@code SENTRY_TRACE} and {@code SENTRY_BAGGAGE} in the environment, what is not
   * isolated goes on with the trace that the process was started in
   * (sdk/foundations/trace-propagation, "Environment Variables").
   *
   * @param configure sets the options, over those of the environment; what it throws is thrown on
   * @throws IllegalArgumentException if an option is invalid; the message says what to change
   * @throws IllegalStateException if there is a DSN but nothing on the class path to send with
   */
  public static synchronized Tracer init(Consumer<TracingOptions> configure) {
    Tracer created = Tracer.createDefault(configure, System::getenv);
    Tracer previous = tracer;
    tracer = created;
    previous.close();
    return created;
  }

  /** The default tracer; before {@link #init} and after {@link #close} a disabled one. */
  public static Tracer tracer() {
    return tracer;
  }

  /** See {@link Tracer#isEnabled()}. */
  public static boolean isEnabled() {
    return tracer.isEnabled();
  }

  /** See {@link Tracer#startSpan(String)}. */
  public static Span startSpan(String name) {
    return tracer.startSpan(name);
  }

  /** See {@link Tracer#startSpan(String, Map)}. */
  public static Span startSpan(String name, Map<String, ?> attributes) {
    return tracer.startSpan(name, attributes);
  }

  /** See {@link Tracer#spanBuilder(String)}. */
  public static SpanBuilder spanBuilder(String name) {
    return tracer.spanBuilder(name);
  }

  /** See {@link Tracer#call(String, SpanCallable)}. */
  public static <T extends @Nullable Object, E extends Exception> T call(
      String name, SpanCallable<T, E> body) throws E {
    return tracer.call(name, body);
  }

  /** See {@link Tracer#run(String, SpanRunnable)}. */
  public static <E extends Exception> void run(String name, SpanRunnable<E> body) throws E {
    tracer.run(name, body);
  }

  /**
   * A callable that makes a span of each call, as {@link #call} does, under what is active where it
   * is called. To run under what is active here, {@link #wrap(Callable)} it.
   *
   * <pre>{@code
   * Callable<Receipt> charge = Traces.traced("charge card", () -> gateway.charge(order));
   * }</pre>
   */
  public static <T extends @Nullable Object> Callable<T> traced(String name, Callable<T> body) {
    Objects.requireNonNull(body, "body");
    return () -> tracer.call(name, span -> body.call());
  }

  /**
   * A runnable that makes a span of each run, as {@link #run} does, under what is active where it
   * is run.
   */
  public static Runnable traced(String name, Runnable body) {
    Objects.requireNonNull(body, "body");
    return () -> tracer.run(name, span -> body.run());
  }

  /**
   * A proxy that makes a span of each call of a method marked by {@link Trace}, with the tracer
   * that is then the default. All other methods just go through, but a proxy equals only itself.
   *
   * @param type an interface with such methods, its own or inherited
   * @param target does the work; what it throws is thrown on, and makes the span an error
   * @throws IllegalArgumentException if {@code type} is no interface, if its package is closed to
   *     the module {@code dev.spanstream}, or if an attribute of an annotation is not of the form
   *     {@code key=value}
   */
  public static <T> T traced(Class<T> type, T target) {
    return TracedProxy.of(type, target);
  }

  /** See {@link Tracer#currentSpan()}. */
  public static @Nullable Span currentSpan() {
    return tracer.currentSpan();
  }

  /** See {@link Tracer#continueTrace(Map)}. */
  public static void continueTrace(Map<String, String> headers) {
    tracer.continueTrace(headers);
  }

  /**
   * Begins a new trace for later service spans of this thread or coroutine; starts nothing. What is
   * started under an active span stays in the trace of that one (sdk/foundations/trace-propagation,
   * "startNewTrace").
   */
  public static void newTrace() {
    TraceContext.current().trace(PropagationContext.begin());
  }

  /** See {@link Tracer#traceHeaders()}. */
  public static Map<String, String> traceHeaders() {
    return tracer.traceHeaders();
  }

  /** See {@link Tracer#traceHeaders(String)}. */
  public static Map<String, String> traceHeaders(@Nullable String url) {
    return tracer.traceHeaders(url);
  }

  /**
   * Sets an attribute on the {@link #isolationScope()}: on every span of this request, or of the
   * process outside of one, that ends from now on. Values follow {@link Span#setAttribute(String,
   * Object)}.
   */
  public static void setAttribute(String key, @Nullable Object value) {
    isolationScope().setAttribute(key, value);
  }

  /** Sets each entry as {@link #setAttribute} does, all at once. */
  public static void setAttributes(Map<String, ?> attributes) {
    isolationScope().setAttributes(attributes);
  }

  /** Takes back what {@link #setAttribute} set; other scopes keep theirs. */
  public static void removeAttribute(String key) {
    isolationScope().removeAttribute(key);
  }

  /**
   * The scope of this thread or coroutine. What is forked from it, a child coroutine or a wrapped
   * task, begins with a copy.
   */
  public static Scope currentScope() {
    return TraceContext.current().scope();
  }

  /**
   * The scope of this request, or of the process outside of one; shared by all that is forked in
   * it.
   */
  public static Scope isolationScope() {
    return TraceContext.current().isolationScope();
  }

  /** The scope of the whole process: of all requests, and of all tracers. */
  public static Scope globalScope() {
    return Scope.global();
  }

  /** Begins a request, a message or a job, to be closed where it ends: see {@link Isolation}. */
  public static Isolation isolate() {
    return TraceContext.current().isolate();
  }

  /**
   * A task that runs, wherever and however often, under what is active here and now. Each run has a
   * context of its own: what it leaves active reaches neither its thread nor another run. The
   * isolation scope is the same one.
   *
   * <pre>{@code
   * pool.execute(Traces.wrap(() -> resize(image))); // its spans are children of what is active
   * pool.execute(() -> resize(image)); // inherits nothing: begins a service span
   * }</pre>
   */
  public static Runnable wrap(Runnable task) {
    return ContextSnapshot.take().wrap(task);
  }

  /** The same as {@link #wrap(Runnable)} for a callable. */
  public static <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return ContextSnapshot.take().wrap(task);
  }

  /**
   * The same as {@link #wrap(Runnable)} for a supplier, such as {@code
   * CompletableFuture.supplyAsync} takes.
   */
  public static <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> task) {
    return ContextSnapshot.take().wrapSupplier(task);
  }

  /**
   * An executor whose tasks run under what is active where they are handed in: see {@link
   * #wrap(Runnable)}.
   */
  public static Executor wrap(Executor executor) {
    Objects.requireNonNull(executor, "executor");
    return task -> executor.execute(wrap(Objects.requireNonNull(task, "task")));
  }

  /**
   * An executor whose tasks run under what is active where they are handed in: see {@link
   * #wrap(Runnable)}. All else, such as {@code shutdown}, is done by the given one.
   */
  public static ExecutorService wrap(ExecutorService executor) {
    return new TracedExecutorService(executor);
  }

  /**
   * An executor whose tasks run under what is active where they are handed in: see {@link
   * #wrap(Runnable)}. A task that is repeated stays in that one trace; for another one each time,
   * {@link #isolate()} within the task.
   */
  public static ScheduledExecutorService wrap(ScheduledExecutorService executor) {
    return new TracedScheduledExecutorService(executor);
  }

  /** See {@link Tracer#flush(Duration)}. */
  public static boolean flush(Duration timeout) {
    return tracer.flush(timeout);
  }

  /**
   * Closes the default tracer, see {@link Tracer#close()}; from now on it is a disabled one.
   * Idempotent.
   */
  public static synchronized void close() {
    Tracer closing = tracer;
    tracer = Tracer.DISABLED;
    closing.close();
  }
}

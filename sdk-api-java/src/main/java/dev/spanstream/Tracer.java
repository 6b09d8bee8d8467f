package dev.spanstream;

import dev.spanstream.internal.ContextDoor;
import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.SinkStats;
import dev.spanstream.sink.SpanSink;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// One long file because it is one path, from start to end of a span, and the getters of what its
// spans share.

/**
 * Starts spans and sends them. Applications use the default one through {@link Traces}; libraries
 * and tests make their own. Several may live in one process: a span is only ever the parent of
 * spans of its own tracer.
 *
 * <pre>{@code
 * InMemorySpanSink sink = new InMemorySpanSink();
 * try (Tracer tracer = Tracer.create(options -> {
 *   options.setSink(sink);
 *   options.setTracesSampleRate(1.0);
 * })) {
 *   tracer.run("work", span -> {});
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread; only {@link #flush} and {@link #close} block. Only
 * {@link #create} throws, and {@link #run} and {@link #call} throw what their body throws, or a
 * {@link NullPointerException} if there is none.
 */
public final class Tracer implements AutoCloseable {
  static {
    ContextDoor.set(new Door());
  }

  /** What {@link Traces} uses before {@code init}: costs nothing, counts nothing. */
  static final Tracer DISABLED = new Tracer(new TracingOptions(), null, null, false);

  private static final int MAX_DOWNSAMPLE_FACTOR = 10;

  private final Log log;
  private final SpanClock clock;
  private final Sampling sampling;
  private final List<IgnoreSpanRule> ignoreRules;
  private final @Nullable BeforeSendSpan beforeSendSpan;
  private final @Nullable SpanSink sink;
  private final @Nullable Dsn dsn;
  private final @Nullable String organizationId;
  private final @Nullable String release;
  private final String environment;
  private final boolean initialized;
  private final boolean sendDefaultPii;
  private final boolean propagateTraceparent;
  private final boolean backpressure;
  private final int maxAttributeValueLength;
  private final Duration shutdownTimeout;
  private final CommonAttributes commonAttributes;
  private final PropagationTargets targets;
  private final IncomingTraceReader incoming;
  private final Accounts accounts = new Accounts();
  private final BaseSpan disabledSpan;
  private final BaseSpan unrecordedSpan;
  private final @Nullable StrictMode strictMode;
  private volatile boolean recording;

  private Tracer(
      TracingOptions options, @Nullable Dsn dsn, @Nullable SpanSink sink, boolean initialized) {
    this.log = new Log(options.getDebug());
    this.clock = new SpanClock(options.getClock(), options.nanoTime, log);
    this.sampling = new Sampling(options, log);
    this.ignoreRules = options.getIgnoreSpans();
    this.beforeSendSpan = options.getBeforeSendSpan();
    this.sink = sink;
    this.strictMode = options.getStrictMode();
    this.dsn = dsn;
    this.organizationId =
        options.getOrgId() != null || dsn == null ? options.getOrgId() : dsn.organizationId();
    this.release = options.getRelease() == null ? null : Text.wellFormed(options.getRelease());
    this.environment = Text.wellFormed(options.getEnvironment());
    this.initialized = initialized;
    this.sendDefaultPii = options.getSendDefaultPii();
    this.propagateTraceparent = options.getPropagateTraceparent();
    this.backpressure = options.getEnableBackpressureHandling();
    this.maxAttributeValueLength = options.getMaxAttributeValueLength();
    this.shutdownTimeout = options.getShutdownTimeout();
    this.commonAttributes = CommonAttributes.of(options);
    this.targets = new PropagationTargets(dsn, options.getTracePropagationTargets());
    this.incoming = new IncomingTraceReader(organizationId, options);
    LocalTree nothing =
        new LocalTree(this, PropagationContext.begin(), SamplingDecision.INHERITED_NOT);
    this.disabledSpan = nothing.rootedAt(NoOpSpan.uncounted(nothing));
    LocalTree unrecorded = new LocalTree(this, nothing.trace(), SamplingDecision.INHERITED_NOT);
    this.unrecordedSpan = unrecorded.rootedAt(NoOpSpan.uncounted(unrecorded));
    this.recording = sink != null && sampling.isOn();
  }

  /**
   * Makes a tracer. Unlike {@link Traces#init} it does not go on with the trace that the process
   * was started in.
   *
   * @param configure sets the options, over those of the environment; what it throws is thrown on
   * @throws IllegalArgumentException if an option is invalid; the message says what to change
   * @throws IllegalStateException if there is a DSN but nothing on the class path to send with
   */
  public static Tracer create(Consumer<TracingOptions> configure) {
    return create(configure, System::getenv);
  }

  /**
   * Makes the tracer of the process, which goes on with the trace that the process was started in.
   */
  static Tracer createDefault(
      Consumer<TracingOptions> configure, UnaryOperator<@Nullable String> environment) {
    Tracer tracer = create(configure, environment);
    TraceContext.processTrace(tracer.traceOfProcess(environment));
    return tracer;
  }

  static Tracer create(
      Consumer<TracingOptions> configure, UnaryOperator<@Nullable String> environment) {
    Objects.requireNonNull(configure, "configure");
    TracingOptions options = new TracingOptions();
    EnvironmentOptions.read(environment, options);
    configure.accept(options);
    OptionsCheck.check(options);
    String dsnText = options.getDsn();
    Dsn dsn = dsnText == null || dsnText.isBlank() ? null : Dsn.parse(dsnText);
    boolean streams = options.getTraceLifecycle() == TraceLifecycle.STREAM;
    SpanSink sink = streams ? Sinks.forOptions(dsn, options) : null;
    Tracer tracer = new Tracer(options, dsn, sink, true);
    if (!streams) {
      tracer.log.warn(
          "traceLifecycle is STATIC: this SDK only streams, so no span is recorded."
              + " Leave it at STREAM.");
    } else if (sink == null && dsn == null && options.getSpotlight() != null) {
      tracer.log.warn(
          "Spotlight is on, but nothing on the class path can send spans, so none is recorded: add"
              + " the dependency dev.spanstream:spanstream-coroutines, or set options.sink.");
    }
    return tracer;
  }

  private @Nullable PropagationContext traceOfProcess(UnaryOperator<@Nullable String> environment) {
    String sentryTrace = environment.apply("SENTRY_TRACE");
    if (sentryTrace == null) {
      return null;
    }
    String baggage = environment.apply("SENTRY_BAGGAGE");
    PropagationContext trace =
        incoming.continueFrom(
            Map.of("sentry-trace", sentryTrace, "baggage", baggage == null ? "" : baggage));
    return trace.isContinued() ? trace : null;
  }

  /**
   * Whether spans can be recorded: there is a receiver, and a rate, be it 0.0, or a sampler, and
   * the tracer is not closed.
   */
  public boolean isEnabled() {
    return recording;
  }

  /** Whether a sampler or an ignore rule goes by what a service span starts with. */
  boolean readsStartAttributes() {
    return recording && (sampling.hasSampler() || !ignoreRules.isEmpty());
  }

  /**
   * Starts a span under the active one, or else a service span, and makes it active
   * (sdk/telemetry/spans, "Starting Spans"). Whoever starts it has to end it:
   *
   * <pre>{@code
   * try (Span span = tracer.startSpan("load cart")) {
   *   return store.load(id);
   * }
   * }</pre>
   *
   * <p>This one never ends, so it is never sent, and stays the parent of what the thread starts
   * later:
   *
   * <pre>{@code
   * Span span = tracer.startSpan("load cart");
   * return store.load(id);
   * }</pre>
   *
   * @param name of low cardinality; null stands for an empty one; cut to {@link
   *     TracingOptions#setMaxAttributeValueLength}
   * @return never null; a span that records nothing if the trace is not sampled, a rule ignores the
   *     span, or the tracer is not {@linkplain #isEnabled() enabled}
   */
  public Span startSpan(String name) {
    if (!recording) {
      return disabledSpan;
    }
    TraceContext context = TraceContext.current();
    return start(context, name, null, context.active(this), true, null);
  }

  /**
   * Starts a span as {@link #startSpan(String)} does, with attributes, which the sampler and the
   * ignore rules see.
   *
   * @param attributes values follow {@link Span#setAttribute(String, Object)}; null stands for none
   */
  public Span startSpan(String name, Map<String, ?> attributes) {
    if (!recording) {
      return disabledSpan;
    }
    TraceContext context = TraceContext.current();
    return start(context, name, attributes, context.active(this), true, null);
  }

  /**
   * Starts a span in another way than {@link #startSpan(String)} does: not before {@link
   * SpanBuilder#startSpan()} is called.
   */
  public SpanBuilder spanBuilder(String name) {
    return new SpanBuilder(this, name);
  }

  /**
   * Runs {@code body} in a span, which is active meanwhile and ended in any case.
   *
   * <pre>{@code
   * Price price = tracer.call("look up price", span -> list.priceOf(article));
   * }</pre>
   *
   * <p>What {@code body} throws is thrown on. It sets the status {@code error} and the attribute
   * {@code error.type}, the name of the class; with {@link TracingOptions#setSendDefaultPii} also
   * {@code exception.message}. A {@link java.util.concurrent.CancellationException} leaves the span
   * as it is, unless it is the {@code TimeoutCancellationException} of coroutines.
   *
   * <p>A future is not waited for:
   *
   * <pre>{@code
   * tracer.call("ask", span -> client.sendAsync(request, handler)); // ends before the answer
   * }</pre>
   *
   * @return what {@code body} returns
   */
  public <T extends @Nullable Object, E extends Exception> T call(
      String name, SpanCallable<T, E> body) throws E {
    Objects.requireNonNull(body, "body");
    BaseSpan span = (BaseSpan) startSpan(name);
    try {
      return body.call(span);
    } catch (Throwable thrown) {
      SpanErrors.record(span, thrown);
      throw thrown;
    } finally {
      span.end();
    }
  }

  /** Runs {@code body} in a span as {@link #call} does. */
  @SuppressWarnings("NullAway") // The null is nobody's result.
  public <E extends Exception> void run(String name, SpanRunnable<E> body) throws E {
    Objects.requireNonNull(body, "body");
    this.<@Nullable Object, E>call(
        name,
        span -> {
          body.run(span);
          return null;
        });
  }

  /**
   * The active span of this tracer for this thread or coroutine, one that records nothing included,
   * or null. The span under which a coroutine or a wrapped task began stays active there after its
   * end.
   */
  public @Nullable Span currentSpan() {
    return TraceContext.current().active(this);
  }

  /**
   * Continues the trace that came in by {@code sentry-trace} and {@code baggage}
   * (sdk/foundations/trace-propagation, "continueTrace"): later service spans of this thread or
   * coroutine belong to it. Starts nothing, and leaves an active span in its trace. Lasts until
   * another trace takes its place, so isolate what has an end:
   *
   * <pre>{@code
   * try (Isolation isolation = Traces.isolate()) {
   *   tracer.continueTrace(message.headers());
   *   tracer.run("handle message", span -> handle(message));
   * }
   * }</pre>
   *
   * <p>A new trace begins if there is no valid {@code sentry-trace} (nor {@code traceparent}, where
   * {@link TracingOptions#setPropagateTraceparent} is on), or if it comes from another
   * organization, see {@link TracingOptions#setStrictTraceContinuation}.
   *
   * @param headers with names in any case, and several of one name joined by commas; null stands
   *     for none
   */
  public void continueTrace(Map<String, String> headers) {
    continueTrace(TraceContext.current(), headers);
  }

  void continueTrace(TraceContext context, @Nullable Map<String, String> headers) {
    if (initialized) {
      context.trace(incoming.continueFrom(headers));
    }
  }

  /**
   * The headers with which a request from here continues the trace elsewhere
   * (sdk/foundations/trace-propagation, "getTraceData"): {@code sentry-trace}, {@code baggage} and,
   * with {@link TracingOptions#setPropagateTraceparent}, {@code traceparent}. The names are in
   * lower case.
   *
   * <p>Where no recorded span is active, they pass the trace on: within a span that records nothing
   * with the decision against it, else with the decision that came in, if one did. To a request
   * that has a {@code baggage} already, append this one, after a comma.
   *
   * @return without {@code baggage} if {@code sentry-trace} came in without; empty before {@link
   *     Traces#init}
   */
  public Map<String, String> traceHeaders() {
    TraceContext context = TraceContext.current();
    return traceHeaders(context, context.active(this));
  }

  /**
   * The same as {@link #traceHeaders()}, but empty if the URL is null, none of {@link
   * TracingOptions#setTracePropagationTargets}, or one of the receiver to which the spans are sent.
   */
  public Map<String, String> traceHeaders(@Nullable String url) {
    return targets.matches(url) ? traceHeaders() : Map.of();
  }

  /** The headers of a request that is made for {@code active}, or for no span if that is null. */
  Map<String, String> traceHeaders(TraceContext context, @Nullable BaseSpan active) {
    if (!initialized) {
      return Map.of();
    }
    LocalTree tree = active == null ? null : active.tree;
    PropagationContext trace = tree == null ? context.trace() : tree.trace();
    TraceParent parent =
        new TraceParent(
            trace.traceIdHigh(),
            trace.traceIdLow(),
            active instanceof RecordingSpan span ? span.getSpanIdBits() : trace.ownSpanId(),
            active == null ? trace.parentSampled() : (Boolean) active.isSampled());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("sentry-trace", parent.toSentryTrace());
    String baggage = DynamicSamplingContext.baggage(this, trace, tree);
    if (!baggage.isEmpty()) {
      headers.put("baggage", baggage);
    }
    if (propagateTraceparent) {
      headers.put("traceparent", parent.toW3c());
    }
    return headers;
  }

  /** The accounts of this tracer, after its close, too. Cheap enough for a dashboard. */
  public TracerStats stats() {
    return accounts.balance(sinkStats(), TraceContext.healed());
  }

  private @Nullable SinkStats sinkStats() {
    try {
      return sink == null ? null : sink.stats();
    } catch (Throwable hostile) {
      log.warn("The sink threw for its stats; what it took counts as buffered", hostile);
      return new SinkStats(0, 0, Map.of());
    }
  }

  /**
   * Sends what has ended, and blocks until all of it has been answered, put on disk, or counted as
   * dropped (sdk/foundations/client, "Shutdown").
   *
   * @return false if that took longer than {@code timeout}, the thread was interrupted, or the sink
   *     failed
   */
  public boolean flush(Duration timeout) {
    try {
      return sink == null || sink.flush(timeout);
    } catch (Throwable hostile) {
      log.warn("The sink threw while it was flushed", hostile);
      return false;
    }
  }

  /**
   * Sends what has ended, and blocks meanwhile, for at most {@link
   * TracingOptions#setShutdownTimeout}; then puts on disk or counts as dropped what is left, and
   * releases everything (sdk/foundations/client, "Shutdown"). Idempotent.
   *
   * <p>What starts later records nothing and is not counted; recorded spans that end later are
   * counted as {@code buffer_overflow}. Incoming traces are still passed on.
   */
  @Override
  public void close() {
    recording = false;
    try {
      if (sink != null) {
        sink.close(shutdownTimeout);
      }
    } catch (Throwable hostile) {
      log.warn("The sink threw while it was closed", hostile);
    }
  }

  /** An explicit parent if it is one of this tracer, else the active span. */
  @Nullable BaseSpan parentOrActive(@Nullable Span given, TraceContext context) {
    if (given instanceof BaseSpan span && span.tree.tracer() == this) {
      return span;
    }
    log.debug("A parent that is not a span of this tracer is ignored");
    return context.active(this);
  }

  /** Starts a span under {@code parent}, or a service span if that is null. */
  BaseSpan start(
      TraceContext context,
      @Nullable String givenName,
      @Nullable Map<String, ?> attributes,
      @Nullable BaseSpan parent,
      boolean active,
      @Nullable Instant at) {
    if (!recording || parent == disabledSpan) {
      return disabledSpan;
    }
    accounts.started();
    RecordingSpan ancestor = parent == null ? null : parent.recordingParent();
    if (parent != null && ancestor == null) {
      return watched(NoOpSpan.in(parent.tree), givenName, context, false);
    }
    try {
      String name = givenName == null ? "" : fitting(givenName);
      AttributeList normal = normalize(attributes);
      BaseSpan span =
          ancestor == null
              ? startServiceSpan(context, name, normal, at)
              : startChild(context, ancestor, name, normal, at);
      boolean onStack = active && (span instanceof RecordingSpan || span.isServiceSpan());
      watched(span, name, context, onStack);
      if (onStack) {
        context.push(span); // The last step: a span that failed to start must not stay active.
      }
      return span;
    } catch (Throwable failure) {
      // Out of memory or of stack, in our hands by chance: not a reason to fail the application.
      log.warn("A span could not be started", failure);
      endedUnrecorded(DropReason.INTERNAL_SDK_ERROR);
      return disabledSpan;
    }
  }

  /** Starts a service span that an instrumentation was told not to record, nor what is under it. */
  BaseSpan startIgnored(TraceContext context, String name) {
    if (!recording) {
      return disabledSpan;
    }
    accounts.started();
    LocalTree tree = new LocalTree(this, context.trace(), SamplingDecision.IGNORED);
    BaseSpan span = watched(tree.rootedAt(NoOpSpan.in(tree)), name, context, true);
    context.push(span);
    return span;
  }

  private BaseSpan watched(
      BaseSpan span, @Nullable String name, TraceContext context, boolean onStack) {
    if (strictMode != null) {
      strictMode.started(span, String.valueOf(name), context, onStack);
    }
    return span;
  }

  private BaseSpan startChild(
      TraceContext context,
      RecordingSpan ancestor,
      String name,
      AttributeList attributes,
      @Nullable Instant at) {
    if (isIgnored(name, attributes)) {
      return NoOpSpan.ignoredUnder(ancestor);
    }
    RecordedTree tree = ancestor.recordedTree();
    return new RecordingSpan(
        tree,
        ancestor.getSpanIdBits(),
        name,
        attributes,
        context.scope(),
        at == null ? tree.nowMicros() : SpanClock.micros(at));
  }

  private BaseSpan startServiceSpan(
      TraceContext context, String name, AttributeList attributes, @Nullable Instant at) {
    PropagationContext trace = context.trace();
    SamplingDecision decision =
        isIgnored(name, attributes)
            ? SamplingDecision.IGNORED
            : sampling.decide(trace, name, attributes, context, downsampleFactor());
    if (!decision.isSampled()) {
      if (log.isDebug()) {
        log.debug(
            "Service span '%s' is not recorded: %s, rate %s, sample_rand %s",
            name, decision.dropReason().wireName(), decision.rate(), trace.sampleRand());
      }
      LocalTree tree = new LocalTree(this, trace, decision);
      return tree.rootedAt(NoOpSpan.in(tree));
    }
    RecordedTree tree = new RecordedTree(this, trace, decision);
    return tree.rootedAt(
        new RecordingSpan(
            tree,
            trace.remoteParentSpanId(),
            name,
            attributes,
            context.scope(),
            at == null ? tree.anchorMicros() : SpanClock.micros(at)));
  }

  private int downsampleFactor() {
    if (!backpressure || sink == null) {
      return 0;
    }
    try {
      return Math.max(0, Math.min(sink.downsampleFactor(), MAX_DOWNSAMPLE_FACTOR));
    } catch (Throwable hostile) {
      log.warn("The sink threw for its downsampleFactor, which counts as 0", hostile);
      return 0;
    }
  }

  private boolean isIgnored(String name, AttributeList attributes) {
    if (ignoreRules.isEmpty()) {
      return false;
    }
    for (IgnoreSpanRule rule : ignoreRules) {
      try {
        if (rule.matches(name, attributes)) {
          log.debug("Span '%s' is ignored by %s", name, rule);
          return true;
        }
      } catch (Throwable badPattern) {
        log.warn("The ignore rule %s failed, and so does not match", badPattern, rule);
      }
    }
    return false;
  }

  /** Takes a span that has just been frozen. */
  void ended(RecordingSpan span) {
    accounts.endedRecorded();
    if (strictMode != null) {
      strictMode.ended(span);
    }
    if (!recording || sink == null) {
      lose(DropReason.BUFFER_OVERFLOW);
      return;
    }
    try {
      sink.accept(edited(span));
    } catch (Throwable hostile) {
      log.warn("The sink threw for span '%s', which is dropped", hostile, span.getName());
      lose(DropReason.INTERNAL_SDK_ERROR);
    }
  }

  private FinishedSpan edited(RecordingSpan span) {
    if (beforeSendSpan == null) {
      return span;
    }
    try {
      return EditedSpan.of(span, beforeSendSpan);
    } catch (Throwable hostile) {
      log.warn("beforeSendSpan threw for '%s', which is sent as it was", hostile, span.getName());
      return span;
    }
  }

  /** Counts the end of a span that was not recorded. */
  void ended(NoOpSpan span, DropReason reason) {
    if (strictMode != null) {
      strictMode.ended(span);
    }
    endedUnrecorded(reason);
  }

  private void endedUnrecorded(DropReason reason) {
    accounts.endedUnrecorded(reason);
    tellSink(reason);
  }

  /** Counts a span that was not even started. */
  void skippedWithoutParent() {
    if (recording) {
      accounts.started();
      endedUnrecorded(DropReason.NO_PARENT_SPAN);
    }
  }

  private void lose(DropReason reason) {
    accounts.lost(reason);
    tellSink(reason);
  }

  private void tellSink(DropReason reason) {
    if (sink != null) {
      try {
        sink.dropped(reason, 1);
      } catch (Throwable hostile) {
        log.warn("The sink threw for a dropped span", hostile);
      }
    }
  }

  AttributeList normalize(@Nullable Map<String, ?> given) {
    return AttributeValues.normalized(given, maxAttributeValueLength, log);
  }

  /** A name as it is sent; it is the value of an attribute too. */
  String fitting(String name) {
    return Text.fitting(name, maxAttributeValueLength);
  }

  BaseSpan disabledSpan() {
    return disabledSpan;
  }

  /**
   * Stands for any span that is not recorded, where nobody kept the right one. What is started
   * under it is counted; the trace of its tree is nobody's, but nothing of it ever becomes active.
   */
  BaseSpan unrecordedSpan() {
    return recording ? unrecordedSpan : disabledSpan;
  }

  Log log() {
    return log;
  }

  SpanClock clock() {
    return clock;
  }

  CommonAttributes commonAttributes() {
    return commonAttributes;
  }

  PropagationTargets targets() {
    return targets;
  }

  int maxAttributeValueLength() {
    return maxAttributeValueLength;
  }

  boolean sendsDefaultPii() {
    return sendDefaultPii;
  }

  @Nullable String publicKey() {
    return dsn == null ? null : dsn.publicKey();
  }

  @Nullable String organizationId() {
    return organizationId;
  }

  @Nullable String release() {
    return release;
  }

  String environment() {
    return environment;
  }
}

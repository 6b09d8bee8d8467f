package dev.spanstream;

import dev.spanstream.sink.SpanSink;
import dev.spanstream.sink.SpanSinkProvider;
import java.net.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

// One long file because it is one list: a field, a getter and a setter for each option. What they
// must satisfy stands in OptionsCheck, what the environment may set in EnvironmentOptions.

/**
 * The options of a {@link Tracer}, given to {@link Traces#init} or {@link Tracer#create}
 * (sdk/foundations/client/configuration).
 *
 * <pre>{@code
 * Traces.init(options -> {
 *   options.setDsn("https://<key>@o1.ingest.sentry.io/2");
 *   options.setTracesSampleRate(0.2);
 * });
 * }</pre>
 *
 * <p>Options that are not set are read from the environment where a variable is named, and keep
 * their default otherwise; a blank variable counts as absent. What is set in code wins, null
 * included.
 *
 * <p>All are checked when the tracer is made: an invalid one throws an {@link
 * IllegalArgumentException} that says what to change, and so does a variable that cannot be read.
 * Only lists are checked at once, when they are set. Changes after that have no effect. Not
 * thread-safe.
 */
public final class TracingOptions {
  private @Nullable String dsn;
  private String environment = "production";
  private @Nullable String release;
  private @Nullable String dist;
  private @Nullable String serverName;
  private boolean debug;
  private TraceLifecycle traceLifecycle = TraceLifecycle.STREAM;
  private @Nullable Double tracesSampleRate;
  private @Nullable TracesSampler tracesSampler;
  private List<IgnoreSpanRule> ignoreSpans = List.of();
  private @Nullable BeforeSendSpan beforeSendSpan;
  private @Nullable List<String> tracePropagationTargets;
  private boolean propagateTraceparent;
  private boolean strictTraceContinuation;
  private @Nullable String orgId;
  private boolean sendDefaultPii;
  private boolean sendClientReports = true;
  private boolean enableBackpressureHandling = true;
  private Duration flushInterval = Duration.ofSeconds(5);
  private int maxBufferedSpans = 100_000;
  private long maxBufferedBytes = 64L * 1024 * 1024;
  private int maxSpansPerEnvelope = 1_000;
  private int maxAttributeValueLength = 8_192;
  private Duration shutdownTimeout = Duration.ofSeconds(2);
  private @Nullable Path spoolDirectory;
  private @Nullable String spotlight;
  private @Nullable Proxy proxy;
  private @Nullable SpanSink sink;
  private @Nullable SpanSinkProvider sinkProvider;
  private InstantSource clock = InstantSource.system();

  /** A monotonic clock for tests; null for that of the machine. */
  @Nullable LongSupplier nanoTime;

  private @Nullable StrictMode strictMode;

  TracingOptions() {}

  /** Returns what {@link #setDsn} set, or the default. */
  public @Nullable String getDsn() {
    return dsn;
  }

  /**
   * Where to send spans, see {@link Dsn}; a malformed one is invalid. Null or blank, and neither
   * sink nor Spotlight: nothing is recorded, but incoming traces are still passed on. Default:
   * {@code SENTRY_DSN}, else null.
   */
  public void setDsn(@Nullable String dsn) {
    this.dsn = dsn;
  }

  /** Returns what {@link #setEnvironment} set, or the default. */
  public String getEnvironment() {
    return environment;
  }

  /**
   * The deployment environment, sent as {@code sentry.environment} and in {@code baggage}; not
   * blank. Default: {@code SENTRY_ENVIRONMENT}, else {@code production}.
   */
  public void setEnvironment(String environment) {
    this.environment = environment;
  }

  /** Returns what {@link #setRelease} set, or the default. */
  public @Nullable String getRelease() {
    return release;
  }

  /**
   * The version of the application, sent as {@code sentry.release} and in {@code baggage}; for
   * example {@code shop@1.4.2}. Default: {@code SENTRY_RELEASE}, else null (none).
   */
  public void setRelease(@Nullable String release) {
    this.release = release;
  }

  /** Returns what {@link #setDist} set, or the default. */
  public @Nullable String getDist() {
    return dist;
  }

  /**
   * The build within the release, sent as {@code sentry.dist} on service spans. Default: null
   * (none).
   */
  public void setDist(@Nullable String dist) {
    this.dist = dist;
  }

  /** Returns what {@link #setServerName} set, or the default. */
  public @Nullable String getServerName() {
    return serverName;
  }

  /**
   * The name of this host, sent as {@code server.address} on service spans that have none of their
   * own. Default: null (none).
   */
  public void setServerName(@Nullable String serverName) {
    this.serverName = serverName;
  }

  /** Returns what {@link #setDebug} set, or the default. */
  public boolean getDebug() {
    return debug;
  }

  /**
   * Whether to log what the tracer decides, for example why a span is not recorded, at level {@code
   * INFO} of the {@code dev.spanstream} system logger, and to repeat its warnings, which are
   * otherwise given once. What the pipeline and the Ktor plugins log does not depend on it.
   * Default: {@code SENTRY_DEBUG}, else false.
   */
  public void setDebug(boolean debug) {
    this.debug = debug;
  }

  /** Returns what {@link #setTraceLifecycle} set, or the default. */
  public TraceLifecycle getTraceLifecycle() {
    return traceLifecycle;
  }

  /**
   * Whether spans are streamed (sdk/telemetry/spans, "Trace Lifecycle Option"); not null. Default:
   * {@code SENTRY_TRACE_LIFECYCLE} ({@code stream} or {@code static}), else {@link
   * TraceLifecycle#STREAM}.
   */
  public void setTraceLifecycle(TraceLifecycle traceLifecycle) {
    this.traceLifecycle = traceLifecycle;
  }

  /** Returns what {@link #setTracesSampleRate} set, or the default. */
  public @Nullable Double getTracesSampleRate() {
    return tracesSampleRate;
  }

  /**
   * The share of traces to record, from 0.0 to 1.0, where no incoming decision and no sampler
   * decides (sdk/telemetry/spans, "Sampling"). Default: {@code SENTRY_TRACES_SAMPLE_RATE}, else
   * null.
   *
   * <p>Null, and no sampler: nothing is recorded, but incoming traces are still passed on. That is
   * not 0.0, which decides against each trace that begins here, also for the services downstream.
   */
  public void setTracesSampleRate(@Nullable Double tracesSampleRate) {
    this.tracesSampleRate = tracesSampleRate;
  }

  /** Returns what {@link #setTracesSampler} set, or the default. */
  public @Nullable TracesSampler getTracesSampler() {
    return tracesSampler;
  }

  /**
   * Decides for each service span, ahead of the incoming decision and of the rate. Default: null
   * (none).
   */
  public void setTracesSampler(@Nullable TracesSampler tracesSampler) {
    this.tracesSampler = tracesSampler;
  }

  /** Returns what {@link #setIgnoreSpans} set, or the default; unmodifiable. */
  public List<IgnoreSpanRule> getIgnoreSpans() {
    return ignoreSpans;
  }

  /**
   * Spans that are not to be recorded. An ignored service span takes its whole tree along, another
   * ignored span only itself. The list is copied. Default: empty.
   *
   * @throws IllegalArgumentException if it is null or has a null in it
   */
  public void setIgnoreSpans(List<IgnoreSpanRule> ignoreSpans) {
    if (ignoreSpans == null) {
      throw new IllegalArgumentException("ignoreSpans is null; set an empty list instead");
    }
    this.ignoreSpans = copy("ignoreSpans", ignoreSpans);
  }

  /** Returns what {@link #setBeforeSendSpan} set, or the default. */
  public @Nullable BeforeSendSpan getBeforeSendSpan() {
    return beforeSendSpan;
  }

  /** Edits each recorded span after its end, before it is sent. Default: null (none). */
  public void setBeforeSendSpan(@Nullable BeforeSendSpan beforeSendSpan) {
    this.beforeSendSpan = beforeSendSpan;
  }

  /** Returns what {@link #setTracePropagationTargets} set, or the default; unmodifiable. */
  public @Nullable List<String> getTracePropagationTargets() {
    return tracePropagationTargets;
  }

  /**
   * The URLs to which trace headers may be sent (sdk/foundations/trace-propagation,
   * "tracePropagationTargets"): each entry is a part of the URL, or a regular expression that finds
   * a match in it, and is not blank. The receiver of the spans never gets them. The list is copied.
   * Null: all; empty: none. Default: null.
   *
   * @throws IllegalArgumentException if it has a null in it
   */
  public void setTracePropagationTargets(@Nullable List<String> tracePropagationTargets) {
    this.tracePropagationTargets =
        tracePropagationTargets == null
            ? null
            : copy("tracePropagationTargets", tracePropagationTargets);
  }

  /** Returns what {@link #setPropagateTraceparent} set, or the default. */
  public boolean getPropagateTraceparent() {
    return propagateTraceparent;
  }

  /**
   * Whether the W3C {@code traceparent} header is sent too, and read where no {@code sentry-trace}
   * came in (W3C Trace Context; sdk/foundations/trace-propagation, "propagateTraceparent"). Of one
   * that is read, a sampled flag of 0 leaves the decision to us. Default: false.
   */
  public void setPropagateTraceparent(boolean propagateTraceparent) {
    this.propagateTraceparent = propagateTraceparent;
  }

  /** Returns what {@link #setStrictTraceContinuation} set, or the default. */
  public boolean getStrictTraceContinuation() {
    return strictTraceContinuation;
  }

  /**
   * Whether an incoming trace is only continued if its organization and ours are the same, or
   * neither is known (sdk/foundations/trace-propagation, "strictTraceContinuation"). If false, it
   * is continued, too, if only one of the two is known. A trace that names another than ours never
   * is. Default: false.
   */
  public void setStrictTraceContinuation(boolean strictTraceContinuation) {
    this.strictTraceContinuation = strictTraceContinuation;
  }

  /** Returns what {@link #setOrgId} set, or the default. */
  public @Nullable String getOrgId() {
    return orgId;
  }

  /**
   * The id of our Sentry organization, digits only; to be set where the host of the DSN does not
   * say it, as with a self-hosted Sentry. Default: null, for what the host says ({@code
   * o42.ingest.sentry.io}), if it does.
   */
  public void setOrgId(@Nullable String orgId) {
    this.orgId = orgId;
  }

  /** Returns what {@link #setSendDefaultPii} set, or the default. */
  public boolean getSendDefaultPii() {
    return sendDefaultPii;
  }

  /**
   * Whether instrumentations may collect what can identify a person: client addresses, cookies,
   * messages of exceptions (sdk/foundations/client/data-collection). What you set yourself is
   * always sent. Default: false.
   */
  public void setSendDefaultPii(boolean sendDefaultPii) {
    this.sendDefaultPii = sendDefaultPii;
  }

  /** Returns what {@link #setSendClientReports} set, or the default. */
  public boolean getSendClientReports() {
    return sendClientReports;
  }

  /**
   * Whether the receiver is told how many spans were dropped, and why
   * (sdk/telemetry/client-reports). Default: true.
   */
  public void setSendClientReports(boolean sendClientReports) {
    this.sendClientReports = sendClientReports;
  }

  /** Returns what {@link #setEnableBackpressureHandling} set, or the default. */
  public boolean getEnableBackpressureHandling() {
    return enableBackpressureHandling;
  }

  /**
   * Whether the sample rate is halved, step by step up to ten times, while the pipeline is short of
   * memory or under a rate limit (sdk/telemetry/traces/backpressure). It looks every ten seconds,
   * and the first look that finds it well takes all back. Default: true.
   */
  public void setEnableBackpressureHandling(boolean enableBackpressureHandling) {
    this.enableBackpressureHandling = enableBackpressureHandling;
  }

  /** Returns what {@link #setFlushInterval} set, or the default. */
  public Duration getFlushInterval() {
    return flushInterval;
  }

  /**
   * How long an ended span may wait for others of its trace, from 10 ms to 30 s
   * (sdk/telemetry/spans, "Span Buffer"). After the end of a service span those of its trace wait
   * for half a second at most. Default: 5 s.
   */
  public void setFlushInterval(Duration flushInterval) {
    this.flushInterval = flushInterval;
  }

  /** Returns what {@link #setMaxBufferedSpans} set, or the default. */
  public int getMaxBufferedSpans() {
    return maxBufferedSpans;
  }

  /**
   * How many ended spans may wait in memory, over all traces, from 1,000. Beyond it the newest are
   * dropped as {@code buffer_overflow}. Default: 100,000.
   */
  public void setMaxBufferedSpans(int maxBufferedSpans) {
    this.maxBufferedSpans = maxBufferedSpans;
  }

  /** Returns what {@link #setMaxBufferedBytes} set, or the default. */
  public long getMaxBufferedBytes() {
    return maxBufferedBytes;
  }

  /**
   * How many bytes the waiting spans may take, by {@link
   * dev.spanstream.sink.FinishedSpan#getEstimatedBytes}, from 1 MiB. Beyond it the newest are
   * dropped as {@code buffer_overflow}. Default: 64 MiB.
   */
  public void setMaxBufferedBytes(long maxBufferedBytes) {
    this.maxBufferedBytes = maxBufferedBytes;
  }

  /** Returns what {@link #setMaxSpansPerEnvelope} set, or the default. */
  public int getMaxSpansPerEnvelope() {
    return maxSpansPerEnvelope;
  }

  /**
   * How many spans may travel in one envelope, from 1 to 1,000 (sdk/telemetry/spans, "Span
   * Buffer"). Default: 1,000.
   */
  public void setMaxSpansPerEnvelope(int maxSpansPerEnvelope) {
    this.maxSpansPerEnvelope = maxSpansPerEnvelope;
  }

  /** Returns what {@link #setMaxAttributeValueLength} set, or the default. */
  public int getMaxAttributeValueLength() {
    return maxAttributeValueLength;
  }

  /**
   * How many characters ({@code char}) of a name or of a string value are kept, from 16; of longer
   * ones the last is "…". Default: 8,192.
   */
  public void setMaxAttributeValueLength(int maxAttributeValueLength) {
    this.maxAttributeValueLength = maxAttributeValueLength;
  }

  /** Returns what {@link #setShutdownTimeout} set, or the default. */
  public Duration getShutdownTimeout() {
    return shutdownTimeout;
  }

  /**
   * How long {@link Tracer#close()} and the end of the process may wait for the last spans to be
   * sent, from 0 to 60 s. Up to two seconds more may go by until what could not be sent is counted.
   * Default: 2 s.
   */
  public void setShutdownTimeout(Duration shutdownTimeout) {
    this.shutdownTimeout = shutdownTimeout;
  }

  /** Returns what {@link #setSpoolDirectory} set, or the default. */
  public @Nullable Path getSpoolDirectory() {
    return spoolDirectory;
  }

  /**
   * Where to keep spans that cannot be sent now, or not before the process ends; made if absent.
   * They are sent when the receiver is back, or when a process with this directory and this DSN
   * starts. Several processes may share it. Up to 128 MiB for each DSN, and seven days old, then
   * the oldest are dropped as {@code cache_overflow}; a directory that cannot be written to is
   * warned of and not used. Null: such spans stay in memory and are dropped in the end. Default:
   * null.
   */
  public void setSpoolDirectory(@Nullable Path spoolDirectory) {
    this.spoolDirectory = spoolDirectory;
  }

  /** Returns what {@link #setSpotlight} set, or the default. */
  public @Nullable String getSpotlight() {
    return spotlight;
  }

  /**
   * The URL ({@code http} or {@code https}) of a local Spotlight sidecar that gets a copy of every
   * recorded span, or the only one if there is no DSN
   * (sdk/foundations/client/integrations/spotlight). What the sidecar does not take is not sent to
   * it again; only without a DSN do {@link Tracer#stats()} tell what became of it. For development:
   * it costs as much as the receiver does.
   *
   * <p>Default: {@code SENTRY_SPOTLIGHT}, where {@code true}, {@code 1}, {@code yes}, {@code on},
   * {@code t} and {@code y} stand for {@code http://localhost:8969/stream}, and their opposites for
   * none; else null (none).
   */
  public void setSpotlight(@Nullable String spotlight) {
    this.spotlight = spotlight;
  }

  /** Returns what {@link #setProxy} set, or the default. */
  public @Nullable Proxy getProxy() {
    return proxy;
  }

  /**
   * The HTTP proxy through which spans are sent, but for those to Spotlight; a SOCKS proxy is
   * invalid, and {@link Proxy#NO_PROXY} stands for none. Default: null, for what Java's system
   * properties say ({@code https.proxyHost}), which is most often none.
   */
  public void setProxy(@Nullable Proxy proxy) {
    this.proxy = proxy;
  }

  /** Returns what {@link #setSink} set, or the default. */
  public @Nullable SpanSink getSink() {
    return sink;
  }

  /**
   * Takes the ended spans in place of the pipeline and of Spotlight; the DSN then only serves the
   * trace headers. It is closed with the tracer. Default: null (none).
   */
  public void setSink(@Nullable SpanSink sink) {
    this.sink = sink;
  }

  /** Returns what {@link #setSinkProvider} set, or the default. */
  public @Nullable SpanSinkProvider getSinkProvider() {
    return sinkProvider;
  }

  /**
   * Makes the sink where there is a DSN or a Spotlight URL and no {@link #setSink sink}. Default:
   * null, for the provider on the class path, which {@code spanstream-coroutines} brings.
   */
  public void setSinkProvider(@Nullable SpanSinkProvider sinkProvider) {
    this.sinkProvider = sinkProvider;
  }

  /** Returns what {@link #setClock} set, or the default. */
  public InstantSource getClock() {
    return clock;
  }

  /**
   * The clock that spans read, on many threads; not null. Replace it in tests, by one that follows
   * virtual time for example: it then gives the durations, too. If it throws, the system's is read,
   * with a warning. Default: {@link InstantSource#system()}, by which durations come from the
   * monotonic clock of the machine.
   */
  public void setClock(InstantSource clock) {
    this.clock = clock;
  }

  private static <T> List<T> copy(String name, List<T> list) {
    for (T element : list) {
      if (element == null) {
        throw new IllegalArgumentException(name + " has a null entry; remove it");
      }
    }
    return List.copyOf(list);
  }

  /** Returns what {@link #setStrictMode} set, or the default. */
  public @Nullable StrictMode getStrictMode() {
    return strictMode;
  }

  /**
   * Looks for mistakes in the use of spans, in tests; too slow for production. Default: null
   * (none).
   */
  public void setStrictMode(@Nullable StrictMode strictMode) {
    this.strictMode = strictMode;
  }
}

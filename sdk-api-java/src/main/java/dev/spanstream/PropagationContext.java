package dev.spanstream;

import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The trace in which service spans start: begun here, or continued from headers
 * (foundations/trace-propagation). Belongs to one thread or coroutine and what is forked from it,
 * and is shared by all trees that they start in the trace.
 */
final class PropagationContext {
  private final long traceIdHigh;
  private final long traceIdLow;

  /** What came in; null if the trace begins here, as those of most requests that nobody keeps. */
  private final @Nullable Upstream upstream;

  /**
   * The dynamic sampling context as it was when it first left this service, for each tracer that
   * sent it: it names their own project and release. A thread may outlive them. Guarded by this.
   */
  private @Nullable Map<Tracer, Map<String, String>> frozen;

  private final boolean isWanted;

  private PropagationContext(
      long traceIdHigh, long traceIdLow, @Nullable Upstream upstream, boolean isWanted) {
    this.traceIdHigh = traceIdHigh;
    this.traceIdLow = traceIdLow;
    this.upstream = upstream;
    this.isWanted = isWanted;
  }

  /**
   * What the caller of this service said.
   *
   * @param standIn for a span of this service, in outgoing headers where none is active
   * @param spanId the span under which our service spans stand
   * @param sampled its decision, or null if there was none
   * @param received the dynamic sampling context that came with it, verbatim and unmodifiable; null
   *     if the caller knows of none, so that ours begins here
   */
  private record Upstream(
      long standIn,
      long spanId,
      @Nullable Boolean sampled,
      double sampleRand,
      @Nullable Map<String, String> received) {}

  /** A new trace. */
  static PropagationContext begin() {
    return new PropagationContext(Ids.next(), Ids.next(), null, true);
  }

  /** A new trace that nobody asked for, but for which there is need. */
  static PropagationContext improvise() {
    return new PropagationContext(Ids.next(), Ids.next(), null, false);
  }

  /**
   * A trace that came in.
   *
   * @param received the dynamic sampling context that came with it, unmodifiable; null if the
   *     sender knows of none, so that ours begins here
   */
  static PropagationContext continued(TraceParent parent, @Nullable Map<String, String> received) {
    double rand = SampleRand.continued(parent, received == null ? Map.of() : received);
    return new PropagationContext(
        parent.traceIdHigh(),
        parent.traceIdLow(),
        new Upstream(Ids.next(), parent.spanId(), parent.sampled(), rand, received),
        true);
  }

  long traceIdHigh() {
    return traceIdHigh;
  }

  long traceIdLow() {
    return traceIdLow;
  }

  String traceId() {
    return Hex.of(traceIdHigh, traceIdLow);
  }

  /** The span upstream under which our service spans stand, or zero. */
  long remoteParentSpanId() {
    return upstream == null ? 0 : upstream.spanId;
  }

  /** The decision upstream, or null if there was none. */
  @Nullable Boolean parentSampled() {
    return upstream == null ? null : upstream.sampled;
  }

  double sampleRand() {
    return upstream == null ? SampleRand.begun(traceIdHigh, traceIdLow) : upstream.sampleRand;
  }

  /** Stands in for a span in outgoing headers where none is active. */
  long ownSpanId() {
    return upstream == null ? traceIdLow : upstream.standIn;
  }

  /** Whether it is there by somebody's will. */
  boolean isWanted() {
    return isWanted;
  }

  boolean isContinued() {
    return upstream != null;
  }

  /** The dynamic sampling context that came in, verbatim; null if ours begins here. */
  @Nullable Map<String, String> received() {
    return upstream == null ? null : upstream.received;
  }

  /** The dynamic sampling context if it cannot change any more, else null. */
  @Nullable Map<String, String> frozenFor(Tracer tracer) {
    if (upstream != null && upstream.received != null) {
      return upstream.received; // The same for all tracers.
    }
    synchronized (this) {
      return frozen == null ? null : frozen.get(tracer);
    }
  }

  /** Freezes the dynamic sampling context of a trace that begins here; the first call wins. */
  synchronized Map<String, String> freeze(Tracer by, Map<String, String> context) {
    if (frozen == null) {
      frozen = new WeakHashMap<>(2);
    }
    Map<String, String> earlier = frozen.putIfAbsent(by, context);
    return earlier == null ? context : earlier;
  }
}

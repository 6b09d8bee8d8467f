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
  private final long remoteParentSpanId;
  private final @Nullable Boolean parentSampled;
  private final double sampleRand;

  /** Stands in for a span in outgoing headers where none is active. */
  private final long ownSpanId = Ids.next();

  private final @Nullable Map<String, String> received;

  /**
   * The dynamic sampling context as it was when it first left this service, for each tracer that
   * sent it: it names their own project and release. A thread may outlive them. Guarded by this.
   */
  private @Nullable Map<Tracer, Map<String, String>> frozen;

  private PropagationContext(
      long traceIdHigh,
      long traceIdLow,
      long remoteParentSpanId,
      @Nullable Boolean parentSampled,
      double sampleRand,
      @Nullable Map<String, String> received) {
    this.traceIdHigh = traceIdHigh;
    this.traceIdLow = traceIdLow;
    this.remoteParentSpanId = remoteParentSpanId;
    this.parentSampled = parentSampled;
    this.sampleRand = sampleRand;
    this.received = received;
  }

  /** A new trace. */
  static PropagationContext begin() {
    long high = Ids.next();
    long low = Ids.next();
    return new PropagationContext(high, low, 0, null, SampleRand.begun(high, low), null);
  }

  /**
   * A trace that came in.
   *
   * @param received the dynamic sampling context that came with it, unmodifiable; null if the
   *     sender knows of none, so that ours begins here
   */
  static PropagationContext continued(TraceParent parent, @Nullable Map<String, String> received) {
    return new PropagationContext(
        parent.traceIdHigh(),
        parent.traceIdLow(),
        parent.spanId(),
        parent.sampled(),
        SampleRand.continued(parent, received == null ? Map.of() : received),
        received);
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
    return remoteParentSpanId;
  }

  /** The decision upstream, or null if there was none. */
  @Nullable Boolean parentSampled() {
    return parentSampled;
  }

  double sampleRand() {
    return sampleRand;
  }

  long ownSpanId() {
    return ownSpanId;
  }

  boolean isContinued() {
    return remoteParentSpanId != 0;
  }

  /** The dynamic sampling context that came in, verbatim; null if ours begins here. */
  @Nullable Map<String, String> received() {
    return received;
  }

  /** The dynamic sampling context if it cannot change any more, else null. */
  @Nullable Map<String, String> frozenFor(Tracer tracer) {
    if (received != null) {
      return received; // The same for all tracers.
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

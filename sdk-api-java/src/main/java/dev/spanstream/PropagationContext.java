package dev.spanstream;

import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The trace in which service spans start: begun here, or {@linkplain ContinuedTrace continued} from
 * headers (sdk/foundations/trace-propagation). Belongs to one thread or coroutine and what is
 * forked from it, and is shared by all trees that they start in the trace.
 */
class PropagationContext {
  private final long traceIdHigh;
  private final long traceIdLow;
  private final boolean isWanted;

  /**
   * The dynamic sampling context as it was when it first left this service, for each tracer that
   * sent it: it names their own project and release. A thread may outlive them. Guarded by this.
   */
  private @Nullable Map<Tracer, Map<String, String>> frozen;

  PropagationContext(long traceIdHigh, long traceIdLow, boolean isWanted) {
    this.traceIdHigh = traceIdHigh;
    this.traceIdLow = traceIdLow;
    this.isWanted = isWanted;
  }

  /** A new trace. */
  static PropagationContext begin() {
    return new PropagationContext(Ids.next(), Ids.next(), true);
  }

  /** A new trace where one is needed but none was begun. */
  static PropagationContext improvise() {
    return new PropagationContext(Ids.next(), Ids.next(), false);
  }

  final long traceIdHigh() {
    return traceIdHigh;
  }

  final long traceIdLow() {
    return traceIdLow;
  }

  final String traceId() {
    return Hex.of(traceIdHigh, traceIdLow);
  }

  /** Whether it was begun or continued by somebody's will, rather than improvised. */
  final boolean isWanted() {
    return isWanted;
  }

  /** Whether it came in. */
  boolean isContinued() {
    return false;
  }

  /** The span upstream under which our service spans stand, or zero. */
  long remoteParentSpanId() {
    return 0;
  }

  /** The decision upstream, or null if there was none. */
  @Nullable Boolean parentSampled() {
    return null;
  }

  double sampleRand() {
    return SampleRand.begun(traceIdHigh, traceIdLow);
  }

  /**
   * Stands in for a span in outgoing headers where none is active. The half of a trace id that is
   * our own is as random as any; that of another service may be the stand-in of theirs.
   */
  long ownSpanId() {
    return traceIdLow;
  }

  /** The dynamic sampling context that came in, verbatim; null if ours begins here. */
  @Nullable Map<String, String> received() {
    return null;
  }

  /** The dynamic sampling context if it cannot change any more, else null. */
  final @Nullable Map<String, String> frozenFor(Tracer tracer) {
    Map<String, String> received = received();
    if (received != null) {
      return received; // The same for all tracers.
    }
    synchronized (this) {
      return frozen == null ? null : frozen.get(tracer);
    }
  }

  /** Freezes the dynamic sampling context of a trace that begins here; the first call wins. */
  final synchronized Map<String, String> freeze(Tracer by, Map<String, String> context) {
    if (frozen == null) {
      frozen = new WeakHashMap<>(2);
    }
    Map<String, String> earlier = frozen.putIfAbsent(by, context);
    return earlier == null ? context : earlier;
  }
}

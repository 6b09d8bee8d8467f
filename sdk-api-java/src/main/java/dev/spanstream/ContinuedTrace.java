package dev.spanstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A trace that came in, with what the service upstream said of it. */
final class ContinuedTrace extends PropagationContext {
  private final long remoteParentSpanId;
  private final @Nullable Boolean parentSampled;
  private final double sampleRand;
  private final long ownSpanId = Ids.next();
  private final @Nullable Map<String, String> received;

  /**
   * Continues a trace.
   *
   * @param received the dynamic sampling context that came with it, unmodifiable; null if the
   *     sender knows of none, so that ours begins here
   */
  ContinuedTrace(TraceParent parent, @Nullable Map<String, String> received) {
    super(parent.traceIdHigh(), parent.traceIdLow(), /* isWanted= */ true);
    this.remoteParentSpanId = parent.spanId();
    this.parentSampled = parent.sampled();
    this.sampleRand = SampleRand.continued(parent, received == null ? Map.of() : received);
    this.received = received;
  }

  @Override
  boolean isContinued() {
    return true;
  }

  @Override
  long remoteParentSpanId() {
    return remoteParentSpanId;
  }

  @Override
  @Nullable Boolean parentSampled() {
    return parentSampled;
  }

  @Override
  double sampleRand() {
    return sampleRand;
  }

  @Override
  long ownSpanId() {
    return ownSpanId;
  }

  @Override
  @Nullable Map<String, String> received() {
    return received;
  }
}

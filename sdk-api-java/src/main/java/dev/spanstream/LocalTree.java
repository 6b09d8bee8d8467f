package dev.spanstream;

import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.SpanTree;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service span and all its descendants share: the trace, the sampling decision and the
 * anchor of their clock. One object a tree, so that a span need not carry it.
 */
final class LocalTree implements SpanTree {
  private static final VarHandle ATTACHMENT =
      Handles.field(MethodHandles.lookup(), "attachment", Object.class);

  private record Edit(String name, boolean namedByUrl) {}

  private final Tracer tracer;
  private final PropagationContext trace;
  private final SamplingDecision decision;
  private final long anchorMicros;
  private final long anchorNanos;

  // Set by the constructor's caller before anyone else sees the tree.
  @SuppressWarnings("NullAway.Init")
  private BaseSpan serviceSpan;

  private volatile @Nullable Edit edit;
  private volatile @Nullable Object attachment;

  LocalTree(Tracer tracer, PropagationContext trace, SamplingDecision decision) {
    this.tracer = tracer;
    this.trace = trace;
    this.decision = decision;
    // A tree that records nothing needs no clock.
    boolean recorded = decision.isSampled();
    this.anchorMicros = recorded ? tracer.clock().wallMicros() : 0;
    this.anchorNanos = recorded ? tracer.clock().nanoTime() : 0;
  }

  <S extends BaseSpan> S rootedAt(S span) {
    serviceSpan = span;
    return span;
  }

  Tracer tracer() {
    return tracer;
  }

  PropagationContext trace() {
    return trace;
  }

  SamplingDecision decision() {
    return decision;
  }

  DropReason dropReason() {
    return decision.dropReason();
  }

  BaseSpan serviceSpan() {
    return serviceSpan;
  }

  long anchorMicros() {
    return anchorMicros;
  }

  /** Now, in microseconds since 1970, on the clock of this tree. */
  long nowMicros() {
    return anchorMicros + Math.floorDiv(tracer.clock().nanoTime() - anchorNanos, 1_000L);
  }

  /** Keeps what a {@link BeforeSendSpan} made of the service span. */
  void edited(String name, boolean namedByUrl) {
    edit = new Edit(name, namedByUrl);
  }

  /** The name for the sampling context, which must not carry a raw path; null if there is none. */
  @Nullable String transactionName() {
    Edit edited = edit;
    if (edited != null) {
      return edited.namedByUrl ? null : edited.name;
    }
    return serviceSpan instanceof RecordingSpan span && !span.isNamedByUrl()
        ? span.getName()
        : null;
  }

  @Override
  public long getTraceIdHigh() {
    return trace.traceIdHigh();
  }

  @Override
  public long getTraceIdLow() {
    return trace.traceIdLow();
  }

  @Override
  public String getTraceId() {
    return trace.traceId();
  }

  @Override
  public String getServiceSpanId() {
    return serviceSpan.getSpanId();
  }

  @Override
  public String getServiceSpanName() {
    Edit edited = edit;
    return edited == null ? serviceSpan.getName() : edited.name;
  }

  @Override
  public boolean hasServiceSpanEnded() {
    return serviceSpan.hasEnded();
  }

  @Override
  public Map<String, String> getDynamicSamplingContext() {
    return DynamicSamplingContext.forEnvelope(this);
  }

  @Override
  public @Nullable Object getAttachment() {
    return attachment;
  }

  @Override
  public Object attachIfAbsent(Object newAttachment) {
    Object witness = ATTACHMENT.compareAndExchange(this, null, newAttachment);
    return witness == null ? newAttachment : witness;
  }
}

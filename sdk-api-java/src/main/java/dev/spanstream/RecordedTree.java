package dev.spanstream;

import dev.spanstream.sink.SpanTree;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree that is recorded: it also has the anchor of the clock of its spans, and what the sink and
 * a {@link BeforeSendSpan} want to know of it.
 */
final class RecordedTree extends LocalTree implements SpanTree {
  private static final VarHandle ATTACHMENT =
      FieldHandles.of(MethodHandles.lookup(), "attachment", Object.class);

  private record Edit(String name, boolean namedByUrl) {}

  private final long anchorMicros;
  private final long anchorNanos;

  /** Written out when first asked for; whoever races writes the same. */
  private @Nullable String serviceSpanId;

  private volatile @Nullable Edit edit;
  private volatile @Nullable Object attachment;

  RecordedTree(Tracer tracer, PropagationContext trace, SamplingDecision decision) {
    super(tracer, trace, decision);
    this.anchorMicros = tracer.clock().wallMicros();
    this.anchorNanos = tracer.clock().nanoTime();
  }

  long anchorMicros() {
    return anchorMicros;
  }

  /** Now, in microseconds since 1970, on the clock of this tree. */
  long nowMicros() {
    return anchorMicros + Math.floorDiv(tracer().clock().nanoTime() - anchorNanos, 1_000L);
  }

  /** Keeps what a {@link BeforeSendSpan} made of the service span. */
  void edited(String name, boolean namedByUrl) {
    edit = new Edit(name, namedByUrl);
  }

  @Override
  @Nullable String transactionName() {
    Edit edited = edit;
    if (edited != null) {
      return edited.namedByUrl ? null : edited.name;
    }
    return serviceSpan() instanceof RecordingSpan span && !span.isNamedByUrl()
        ? span.getName()
        : null;
  }

  @Override
  public long getTraceIdHigh() {
    return trace().traceIdHigh();
  }

  @Override
  public long getTraceIdLow() {
    return trace().traceIdLow();
  }

  @Override
  public String getTraceId() {
    return trace().traceId();
  }

  @Override
  public String getServiceSpanId() {
    String id = serviceSpanId;
    if (id == null) {
      serviceSpanId = id = serviceSpan().getSpanId();
    }
    return id;
  }

  @Override
  public String getServiceSpanName() {
    Edit edited = edit;
    return edited == null ? serviceSpan().getName() : edited.name;
  }

  @Override
  public boolean hasServiceSpanEnded() {
    return serviceSpan().hasEnded();
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

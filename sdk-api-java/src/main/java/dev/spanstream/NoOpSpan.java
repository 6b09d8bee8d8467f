package dev.spanstream;

import dev.spanstream.sink.DropReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span that records nothing (sdk/telemetry/spans, "Noop Span"): of an unsampled or ignored tree,
 * ignored itself, or of a disabled tracer. It keeps nothing but what it takes to be counted once.
 */
final class NoOpSpan extends BaseSpan {
  private static final String NO_TRACE_ID = "0".repeat(32);
  private static final String NO_SPAN_ID = "0".repeat(16);

  private static final int OPEN = 0;
  private static final int ENDED = 1;
  private static final int UNCOUNTED = 2;
  private static final VarHandle STATE =
      FieldHandles.of(MethodHandles.lookup(), "state", int.class);

  /** For an ignored child: the nearest ancestor that records, to which its children attach. */
  private final @Nullable RecordingSpan ancestor;

  @SuppressWarnings("UnusedVariable") // Read and written through STATE.
  private int state;

  private NoOpSpan(LocalTree tree, @Nullable RecordingSpan ancestor, int state) {
    super(tree);
    this.ancestor = ancestor;
    this.state = state;
  }

  /** A span of a tree that is not recorded; counted with the reason of the tree. */
  static NoOpSpan in(LocalTree tree) {
    return new NoOpSpan(tree, null, OPEN);
  }

  /** A span that an ignore rule took out of a recorded tree. */
  static NoOpSpan ignoredUnder(RecordingSpan ancestor) {
    return new NoOpSpan(ancestor.tree, ancestor, OPEN);
  }

  /** A span of a disabled tracer, which counts nothing; one is enough. */
  static NoOpSpan uncounted(LocalTree tree) {
    return new NoOpSpan(tree, null, UNCOUNTED);
  }

  @Override
  @Nullable RecordingSpan recordingParent() {
    return ancestor;
  }

  @Override
  public void end() {
    if (STATE.compareAndSet(this, OPEN, ENDED)) {
      DropReason reason = ancestor == null ? tree.dropReason() : DropReason.IGNORED;
      tree.tracer().ended(this, reason);
      if (isServiceSpan()) {
        TraceContext.current().dropEnded();
      }
    }
  }

  @Override
  public void end(@Nullable Instant at) {
    end();
  }

  @Override
  public boolean hasEnded() {
    return (int) STATE.getAcquire(this) == ENDED;
  }

  @Override
  public String getName() {
    return "";
  }

  @Override
  public Span setName(String name) {
    return this;
  }

  @Override
  public String getTraceId() {
    return NO_TRACE_ID;
  }

  @Override
  public String getSpanId() {
    return NO_SPAN_ID;
  }

  @Override
  public @Nullable String getParentSpanId() {
    return null;
  }

  @Override
  public boolean isRecording() {
    return false;
  }

  @Override
  public boolean isSampled() {
    return false;
  }

  @Override
  public Span setAttribute(String key, @Nullable String value) {
    return this;
  }

  @Override
  public Span setAttribute(String key, long value) {
    return this;
  }

  @Override
  public Span setAttribute(String key, double value) {
    return this;
  }

  @Override
  public Span setAttribute(String key, boolean value) {
    return this;
  }

  @Override
  public Span setAttribute(String key, @Nullable Object value) {
    return this;
  }

  @Override
  public Span setAttributes(Map<String, ?> attributes) {
    return this;
  }

  @Override
  public Span removeAttribute(String key) {
    return this;
  }

  @Override
  public Map<String, Object> getAttributes() {
    return Map.of();
  }

  @Override
  public Span setStatus(SpanStatus status) {
    return this;
  }

  @Override
  public Span setStatus(String okOrError) {
    return this;
  }

  @Override
  public SpanStatus getStatus() {
    return SpanStatus.OK;
  }

  @Override
  public Span addLink(Span other) {
    return this;
  }

  @Override
  public Span addLink(SpanLink link) {
    return this;
  }

  @Override
  public Instant getStartTimestamp() {
    return Instant.EPOCH;
  }

  @Override
  public @Nullable Instant getEndTimestamp() {
    return null;
  }
}

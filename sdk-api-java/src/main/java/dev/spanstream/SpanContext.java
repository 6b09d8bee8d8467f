package dev.spanstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a service span that is about to start, for a {@link TracesSampler}. Good for the
 * time of its call.
 */
public final class SpanContext {
  private final PropagationContext trace;
  private final String name;
  private final AttributeList attributes;

  SpanContext(PropagationContext trace, String name, AttributeList attributes) {
    this.trace = trace;
    this.name = name;
    this.attributes = attributes;
  }

  /** The name at the start, as it is recorded; empty if none was given. */
  public String getName() {
    return name;
  }

  /** The trace id: 32 lower-case hexadecimal digits. */
  public String getTraceId() {
    return trace.traceId();
  }

  /**
   * The id of the span upstream, 16 lower-case hexadecimal digits, or null if the trace begins
   * here.
   */
  public @Nullable String getParentSpanId() {
    return trace.isContinued() ? Hex.of(trace.remoteParentSpanId()) : null;
  }

  /** The decision upstream, or null if there was none or the trace begins here. */
  public @Nullable Boolean getParentSampled() {
    return trace.parentSampled();
  }

  /**
   * A copy of the attributes at the start, as they are recorded, unmodifiable; later ones are not
   * known yet, and those of scopes are not among them.
   */
  public Map<String, Object> getAttributes() {
    return attributes.toMap();
  }
}

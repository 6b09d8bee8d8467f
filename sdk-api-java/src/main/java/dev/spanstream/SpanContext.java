package dev.spanstream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a service span that is about to start, for a {@link TracesSampler}. */
public final class SpanContext {
  private final PropagationContext trace;
  private final String name;
  private final AttributeList attributes;

  SpanContext(PropagationContext trace, String name, AttributeList attributes) {
    this.trace = trace;
    this.name = name;
    this.attributes = attributes;
  }

  /** The name at the start. */
  public String getName() {
    return name;
  }

  /** The trace id: 32 lower-case hexadecimal digits. */
  public String getTraceId() {
    return trace.traceId();
  }

  /** The id of the span upstream, or null if the trace begins here. */
  public @Nullable String getParentSpanId() {
    return trace.isContinued() ? Hex.of(trace.remoteParentSpanId()) : null;
  }

  /** The decision upstream, or null if there was none. */
  public @Nullable Boolean getParentSampled() {
    return trace.parentSampled();
  }

  /** The attributes at the start, unmodifiable; later ones are not known yet. */
  public Map<String, Object> getAttributes() {
    Map<String, Object> copy = new LinkedHashMap<>();
    attributes.forEach(copy::put);
    return Collections.unmodifiableMap(copy);
  }
}

package dev.spanstream;

import dev.spanstream.sink.FinishedSpan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an ended span, for a {@link BeforeSendSpan}: name and attributes may be changed,
 * everything else is only readable. {@code sentry.segment.id}, {@code sentry.segment.name} and
 * {@code sentry.trace_lifecycle} cannot be changed: the receiver needs them.
 */
public final class SpanEdit {
  private final FinishedSpan span;
  private final Map<String, Object> attributes;
  private String name;

  SpanEdit(FinishedSpan span) {
    this.span = span;
    this.name = span.getName();
    this.attributes = new LinkedHashMap<>(span.getSentAttributes());
  }

  /** The name. */
  public String getName() {
    return name;
  }

  /**
   * Changes the name; for a service span also what its other spans name as their segment. Null
   * changes nothing.
   */
  public void setName(@Nullable String name) {
    if (name != null) {
      this.name = name;
    }
  }

  /** All attributes that are to be sent; changes of this map count. */
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  /** Sets an attribute; values follow {@link Span#setAttribute(String, Object)}. */
  public void setAttribute(String key, @Nullable Object value) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  /** Removes an attribute. */
  public void removeAttribute(String key) {
    attributes.remove(key);
  }

  /** The trace id. */
  public String getTraceId() {
    return span.getTraceId();
  }

  /** The span id. */
  public String getSpanId() {
    return span.getSpanId();
  }

  /** The id of the parent, or null. */
  public @Nullable String getParentSpanId() {
    return span.getParentSpanId();
  }

  /** The status. */
  public SpanStatus getStatus() {
    return span.getStatus();
  }

  /** Whether it is a service span. */
  public boolean isServiceSpan() {
    return span.isServiceSpan();
  }

  /** When the span started. */
  public Instant getStartTimestamp() {
    return span.getStartTimestamp();
  }

  /** When the span ended. */
  public Instant getEndTimestamp() {
    return span.getEndTimestamp();
  }
}

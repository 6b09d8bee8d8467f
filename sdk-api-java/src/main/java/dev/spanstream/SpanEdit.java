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
 *
 * <p>Not thread-safe; changes after the call of the hook do not count.
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

  /** The name, with the changes that were made here. */
  public String getName() {
    return name;
  }

  /**
   * Changes the name, and for a service span {@code sentry.segment.name} of what is not sent yet of
   * the spans under it. Null changes nothing; a long name is cut as by {@link Span#setName}.
   */
  public void setName(@Nullable String name) {
    if (name != null) {
      this.name = name;
    }
  }

  /**
   * All attributes that are to be sent, those of scopes and options included; changes of this map
   * count, with values as in {@link #setAttribute}. What is set to null is removed.
   */
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  /**
   * Sets an attribute; values follow {@link Span#setAttribute(String, Object)}, null changes
   * nothing.
   */
  public void setAttribute(String key, @Nullable Object value) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  /** Removes an attribute, wherever it came from. */
  public void removeAttribute(String key) {
    attributes.remove(key);
  }

  /** The trace id: 32 lower-case hexadecimal digits. */
  public String getTraceId() {
    return span.getTraceId();
  }

  /** The span id: 16 lower-case hexadecimal digits. */
  public String getSpanId() {
    return span.getSpanId();
  }

  /** The id of the parent, local or remote, or null if there is none. */
  public @Nullable String getParentSpanId() {
    return span.getParentSpanId();
  }

  /** The status. */
  public SpanStatus getStatus() {
    return span.getStatus();
  }

  /** Whether this is the root of this service's part of the trace. */
  public boolean isServiceSpan() {
    return span.isServiceSpan();
  }

  /** When the span started, to the microsecond. */
  public Instant getStartTimestamp() {
    return span.getStartTimestamp();
  }

  /** When the span ended, to the microsecond; never before the start. */
  public Instant getEndTimestamp() {
    return span.getEndTimestamp();
  }
}

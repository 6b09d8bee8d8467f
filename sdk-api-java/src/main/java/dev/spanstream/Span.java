package dev.spanstream;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One timed operation (sdk/telemetry/spans, "Span Interface"). It has started when you get it, and
 * is sent soon after {@link #end()}.
 *
 * <pre>{@code
 * try (Span span = Traces.startSpan("charge card")) {
 *   span.setAttribute("order.id", order.id());
 *   gateway.charge(order);
 * }
 * }</pre>
 *
 * <p>Try-with-resources cannot see the exception: the span above is {@code ok} even if {@code
 * charge} throws. Where that matters, use {@link Traces#run} or {@link Traces#call}, or catch it
 * and call {@link #setStatus(SpanStatus)}.
 *
 * <p><b>Spans that record nothing.</b> A span that is not sampled or is ignored has the same
 * methods; its setters do nothing, its ids are zeros and its other getters give empty values.
 *
 * <p><b>Threading.</b> All methods may be called from any thread, and none throws or blocks. The
 * first {@code end} wins: later ends and later writes are ignored.
 */
public sealed interface Span extends AutoCloseable permits BaseSpan {
  /** The name, or an empty string if nothing is recorded. */
  String getName();

  /** Renames the span. A service span may be renamed until it ends; its children follow. */
  Span setName(String name);

  /** The trace id: 32 lower-case hexadecimal digits, all zero if nothing is recorded. */
  String getTraceId();

  /** The span id: 16 lower-case hexadecimal digits, all zero if nothing is recorded. */
  String getSpanId();

  /** The id of the parent, local or remote, or null if there is none. */
  @Nullable String getParentSpanId();

  /** Whether what you set is kept: the span is sampled, not ignored, and has not ended. */
  boolean isRecording();

  /** Whether the span is sent when it ends, or has been. */
  boolean isSampled();

  /** Whether this is the root of this service's part of the trace. */
  boolean isServiceSpan();

  /** The root of this service's part of the trace; a service span returns itself. */
  Span getServiceSpan();

  /** Sets an attribute; null is no value and changes nothing. */
  Span setAttribute(String key, @Nullable String value);

  /** Sets an attribute of type {@code integer}. */
  Span setAttribute(String key, long value);

  /** Sets an attribute of type {@code double}; NaN and infinities become strings. */
  Span setAttribute(String key, double value);

  /** Sets an attribute to a string of one character; without it Java would take it for a number. */
  default Span setAttribute(String key, char value) {
    return setAttribute(key, String.valueOf(value));
  }

  /** Sets an attribute of type {@code boolean}. */
  Span setAttribute(String key, boolean value);

  /**
   * Sets an attribute of any type. Strings, booleans, numbers of up to 64 bits, and arrays and
   * collections of one of these keep their type (without nulls, up to 1,024 elements); anything
   * else becomes its {@code toString}. The value is copied. Null changes nothing. Strings longer
   * than {@link TracingOptions#setMaxAttributeValueLength} are cut. A span keeps up to 1,024
   * attributes, and keys of up to 256 characters.
   */
  Span setAttribute(String key, @Nullable Object value);

  /** Sets each entry as {@link #setAttribute(String, Object)} does. */
  Span setAttributes(Map<String, ?> attributes);

  /** Removes an attribute of this span; those of the scopes stay. */
  Span removeAttribute(String key);

  /** A snapshot of what was set on this span, unmodifiable, in the order of setting. */
  Map<String, Object> getAttributes();

  /** Sets the status; the default is {@link SpanStatus#OK}. */
  Span setStatus(SpanStatus status);

  /** Sets the status by its name, {@code ok} or {@code error}; another name is ignored. */
  Span setStatus(String okOrError);

  /** The status. */
  SpanStatus getStatus();

  /** Links to another span; one that records nothing is ignored. A span keeps up to 1,024 links. */
  Span addLink(Span other);

  /** Links to another span. A span keeps up to 1,024 links. */
  Span addLink(SpanLink link);

  /** When the span started; 1970 if nothing is recorded. */
  Instant getStartTimestamp();

  /** When the span ended, or null if it has not, or records nothing. */
  @Nullable Instant getEndTimestamp();

  /** Whether the span has ended. */
  boolean hasEnded();

  /** Ends the span now. It is no longer active, and cannot be changed any more. */
  void end();

  /** Ends the span at the given time; a time before its start stands for its start. */
  void end(Instant at);

  /** The same as {@link #end()}. */
  @Override
  void close();
}

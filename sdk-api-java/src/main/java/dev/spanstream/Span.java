package dev.spanstream;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One timed operation (sdk/telemetry/spans, "Span Interface"). It has started when you get it, and
 * is sent soon after {@link #end()}; without an end it is never sent.
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
 * <p><b>Spans that record nothing</b> (sdk/telemetry/spans, "Noop Span"). A span that is not
 * sampled or is ignored has the same methods; its setters do nothing, its ids are zeros and its
 * other getters give empty values, but for {@link #isServiceSpan}, {@link #getServiceSpan} and
 * {@link #hasEnded}. It is counted when it ends, so end it, too.
 *
 * <p><b>Threading.</b> All methods may be called from any thread, and none blocks, nor throws, also
 * if it is given null. The first {@code end} wins: later ends and later writes are ignored.
 */
public sealed interface Span extends AutoCloseable permits BaseSpan {
  /** The name, or an empty string if nothing is recorded. */
  String getName();

  /**
   * Renames the span; null changes nothing. A name longer than {@link
   * TracingOptions#setMaxAttributeValueLength} is cut. What is not sent yet of the spans under a
   * service span gets its new name as {@code sentry.segment.name}; say what kind of name it is by
   * the attribute {@code sentry.segment.name.source} (default: {@code custom}).
   */
  Span setName(String name);

  /** The trace id: 32 lower-case hexadecimal digits, all zero if nothing is recorded. */
  String getTraceId();

  /** The span id: 16 lower-case hexadecimal digits, all zero if nothing is recorded. */
  String getSpanId();

  /** The id of the parent, local or remote, or null if there is none or nothing is recorded. */
  @Nullable String getParentSpanId();

  /** Whether what you set is kept: the span is sampled, not ignored, and has not ended. */
  boolean isRecording();

  /** Whether the span is recorded and so sent, after its end as well. */
  boolean isSampled();

  /** Whether this is the root of this service's part of the trace. */
  boolean isServiceSpan();

  /**
   * The root of this service's part of the trace, which may record nothing; a service span returns
   * itself.
   */
  Span getServiceSpan();

  /**
   * Sets an attribute; null is no value and changes nothing. Cut to {@link
   * TracingOptions#setMaxAttributeValueLength}.
   */
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
   * Sets an attribute of any type (sdk/telemetry/spans, "Attribute Value Format"); null changes
   * nothing.
   *
   * <p>Strings, booleans, numbers of up to 64 bits, and arrays and collections of one of these keep
   * their type; an enum constant becomes its name, anything else its {@code toString}. The value is
   * copied: of a collection up to 1,024 elements, without nulls; of a string up to {@link
   * TracingOptions#setMaxAttributeValueLength} characters, the last of which is "…" if it was cut.
   *
   * <p>A span keeps up to 1,024 attributes, more are ignored; keys are cut to 256 characters.
   */
  Span setAttribute(String key, @Nullable Object value);

  /** Sets each entry as {@link #setAttribute(String, Object)} does; null sets nothing. */
  Span setAttributes(Map<String, ?> attributes);

  /** Removes an attribute of this span; those of the scopes stay. */
  Span removeAttribute(String key);

  /**
   * A snapshot of what was set on this span, unmodifiable, in the order of setting. The values are
   * as they are sent: strings, {@code Boolean}, {@code Long}, {@code Double}, and lists of these.
   */
  Map<String, Object> getAttributes();

  /**
   * Sets the status; the last one counts. The default is {@link SpanStatus#OK}; null changes
   * nothing.
   */
  Span setStatus(SpanStatus status);

  /** Sets the status by its name, {@code ok} or {@code error}; anything else is ignored. */
  Span setStatus(String okOrError);

  /** The status; {@link SpanStatus#OK} if nothing is recorded. */
  SpanStatus getStatus();

  /**
   * Links to another span, ended or not; null, and one that records nothing, is ignored. A span
   * keeps up to 1,024 links.
   */
  Span addLink(Span other);

  /**
   * Links to another span (sdk/telemetry/spans, "Span Links"); null is ignored. A span keeps up to
   * 1,024 links.
   */
  Span addLink(SpanLink link);

  /** When the span started, to the microsecond; 1970 if nothing is recorded. */
  Instant getStartTimestamp();

  /** When the span ended, to the microsecond, or null if it has not, or records nothing. */
  @Nullable Instant getEndTimestamp();

  /** Whether the span has ended. The one that a disabled tracer gives never does. */
  boolean hasEnded();

  /**
   * Ends the span now: it cannot be changed any more, and is not active any more where it was
   * started. Children may still run, and may end later. {@link BeforeSendSpan} and {@link
   * dev.spanstream.sink.SpanSink#accept} are called from here.
   */
  void end();

  /** Ends the span at the given time; one before its start stands for its start, null for now. */
  void end(Instant at);

  /** The same as {@link #end()}. */
  @Override
  void close();
}

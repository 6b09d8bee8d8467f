package dev.spanstream.sink;

import dev.spanstream.SpanLink;
import dev.spanstream.SpanStatus;
import dev.spanstream.internal.SpanSize;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A span that has ended, as it goes on the wire (sdk/telemetry/spans, "Span Properties").
 *
 * <p>Immutable and safe to read from any thread. Getters that end in {@code Bits} or {@code Micros}
 * give the raw form and make no garbage.
 */
public interface FinishedSpan {
  /** What this span shares with the other spans of its service span. */
  SpanTree getTree();

  /** The span id as 16 lower-case hexadecimal digits. */
  String getSpanId();

  /** The span id as the 64 bits that it stands for; never zero. */
  long getSpanIdBits();

  /**
   * The id of the parent, remote or local, as 16 lower-case hexadecimal digits, or null if there is
   * none.
   */
  @Nullable String getParentSpanId();

  /** The id of the parent as 64 bits, or zero if there is none. */
  long getParentSpanIdBits();

  /** The trace id as 32 lower-case hexadecimal digits. */
  default String getTraceId() {
    return getTree().getTraceId();
  }

  /**
   * The name, as {@link dev.spanstream.BeforeSendSpan} left it; of low cardinality if the
   * instrumentation did its work.
   */
  String getName();

  /** Whether the span went well. */
  SpanStatus getStatus();

  /** Whether this is the root of one service's part of the trace ({@code is_segment}). */
  boolean isServiceSpan();

  /** When the span started, in microseconds since 1970. */
  long getStartMicros();

  /** When the span ended, in microseconds since 1970; never before the start. */
  long getEndMicros();

  /** When the span started. */
  default Instant getStartTimestamp() {
    return Micros.toInstant(getStartMicros());
  }

  /** When the span ended. */
  default Instant getEndTimestamp() {
    return Micros.toInstant(getEndMicros());
  }

  /**
   * Shows every attribute that is sent with the span once, in a stable order: what the protocol
   * demands, the span's own, those of the scopes, then those common to all spans
   * (sdk/telemetry/spans, "Common Attribute Keys").
   *
   * @param action takes a key and a {@link String}, {@link Boolean}, {@link Long}, {@link Double},
   *     or an unmodifiable {@link List} of one of these kinds; what it throws is thrown on
   */
  void forEachAttribute(BiConsumer<? super String, Object> action);

  /** What {@link #forEachAttribute} shows, as an unmodifiable map in the same order. */
  default Map<String, Object> getSentAttributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    forEachAttribute(attributes::put);
    return Collections.unmodifiableMap(attributes);
  }

  /**
   * How many bytes the span takes when it is sent, roughly and before compression: at least as many
   * as it takes if all its texts are plain ASCII without characters that JSON escapes.
   */
  default long getEstimatedBytes() {
    long[] attributes = {0};
    forEachAttribute((key, value) -> attributes[0] += SpanSize.attribute(key, value));
    return SpanSize.of(this, attributes[0]);
  }

  /** The links, in the order in which they were added, unmodifiable; empty if there are none. */
  List<SpanLink> getLinks();
}

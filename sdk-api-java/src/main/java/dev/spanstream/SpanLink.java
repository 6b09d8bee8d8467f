package dev.spanstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reference from one span to another, of the same or of another trace
 * (sdk/telemetry/traces/span-links). Immutable.
 *
 * <pre>{@code
 * batchSpan.addLink(new SpanLink(message.traceId(), message.spanId(), true,
 *     Map.of("sentry.link.type", "follows_from")));
 * }</pre>
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param sampled whether the other span was sampled, null if unknown
 * @param attributes what is to be said of the link, unmodifiable; values follow the rules of {@link
 *     Span#setAttribute(String, Object)}
 */
public record SpanLink(
    String traceId, String spanId, @Nullable Boolean sampled, Map<String, Object> attributes) {

  /**
   * Checks the ids and copies the attributes; null stands for none.
   *
   * @throws IllegalArgumentException if an id is missing, malformed or all zero
   */
  public SpanLink {
    if (!Hex.isId(traceId, 32)) {
      throw new IllegalArgumentException(
          "traceId must be 32 lower-case hexadecimal digits, not all zero");
    }
    if (!Hex.isId(spanId, 16)) {
      throw new IllegalArgumentException(
          "spanId must be 16 lower-case hexadecimal digits, not all zero");
    }
    attributes = AttributeValues.normalized(attributes, Integer.MAX_VALUE).toMap();
  }

  /** A link to a span of this process; null if that records nothing, and so has no ids. */
  static @Nullable SpanLink toRecorded(@Nullable Span span) {
    return span != null && span.isSampled()
        ? new SpanLink(span.getTraceId(), span.getSpanId(), true, Map.of())
        : null;
  }

  /** The same with no string longer than a tracer allows. */
  SpanLink limitedTo(int maxLength) {
    return new SpanLink(
        traceId, spanId, sampled, AttributeValues.normalized(attributes, maxLength).toMap());
  }

  /**
   * A link without attributes to a span of which only the ids are known.
   *
   * @throws IllegalArgumentException if an id is missing, malformed or all zero
   */
  public static SpanLink to(String traceId, String spanId) {
    return new SpanLink(traceId, spanId, null, Map.of());
  }
}

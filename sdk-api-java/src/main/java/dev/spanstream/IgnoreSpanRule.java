package dev.spanstream;

import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Says which spans are not to be recorded (sdk/telemetry/spans, "Filtering"). Rules see the name
 * and the attributes with which a span starts, nothing that comes later; and both as they are
 * recorded, cut to {@link TracingOptions#setMaxAttributeValueLength}. Case matters.
 *
 * <pre>{@code
 * options.setIgnoreSpans(List.of(
 *     IgnoreSpanRule.named("GET /health"),
 *     IgnoreSpanRule.namedLike("poll")
 *         .and(IgnoreSpanRule.withAttribute("messaging.system", "sqs"))));
 * }</pre>
 *
 * <p>This one never matches a span that gets its status later:
 *
 * <pre>{@code
 * IgnoreSpanRule.withAttribute("http.response.status_code", 404)
 * }</pre>
 *
 * <p>Immutable. The factories throw a {@link NullPointerException} for null. A pattern that fails,
 * as one too deep for the stack does, counts as no match, with a warning.
 */
public final class IgnoreSpanRule {
  private final BiPredicate<String, AttributeList> predicate;
  private final String description;

  private IgnoreSpanRule(BiPredicate<String, AttributeList> predicate, String description) {
    this.predicate = predicate;
    this.description = description;
  }

  /**
   * Spans with exactly this name.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static IgnoreSpanRule named(String name) {
    Objects.requireNonNull(name, "name");
    require(!name.isEmpty(), "named(\"\") would match no span; give the name");
    return new IgnoreSpanRule((n, a) -> n.equals(name), "named(\"" + name + "\")");
  }

  /**
   * Spans whose name contains this text.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static IgnoreSpanRule namedLike(String part) {
    Objects.requireNonNull(part, "part");
    require(!part.isEmpty(), "namedLike(\"\") would match every span; give a part of the name");
    return new IgnoreSpanRule((n, a) -> n.contains(part), "namedLike(\"" + part + "\")");
  }

  /** Spans whose whole name matches. */
  public static IgnoreSpanRule matching(Pattern name) {
    Objects.requireNonNull(name, "name");
    return new IgnoreSpanRule((n, a) -> name.matcher(n).matches(), "matching(" + name + ")");
  }

  /**
   * Spans with this attribute at exactly this value, of the same type as {@link
   * Span#setAttribute(String, Object)} has it: 5 and 5L are the same, 5.0 and "5" are others. A
   * {@link Pattern} counts as in {@link #withAttribute(String, Pattern)}.
   */
  public static IgnoreSpanRule withAttribute(String key, Object value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    if (value instanceof Pattern pattern) {
      return withAttribute(key, pattern);
    }
    String finalKey = AttributeValues.key(key);
    Object normal = AttributeValues.normalize(value, Integer.MAX_VALUE);
    return new IgnoreSpanRule(
        (n, a) -> Objects.equals(a.get(finalKey), normal),
        "withAttribute(\"" + key + "\", " + normal + ")");
  }

  /** Spans whose attribute is a string that matches as a whole; never one of another type. */
  public static IgnoreSpanRule withAttribute(String key, Pattern value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    String finalKey = AttributeValues.key(key);
    return new IgnoreSpanRule(
        (n, a) -> a.get(finalKey) instanceof String text && value.matcher(text).matches(),
        "withAttribute(\"" + key + "\", " + value + ")");
  }

  /** Spans that both rules match. */
  public IgnoreSpanRule and(IgnoreSpanRule other) {
    Objects.requireNonNull(other, "other");
    return new IgnoreSpanRule(
        predicate.and(other.predicate), description + ".and(" + other.description + ")");
  }

  boolean matches(String name, AttributeList attributes) {
    return predicate.test(name, attributes);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** The rule much as it is written in code, for the log. */
  @Override
  public String toString() {
    return description;
  }
}

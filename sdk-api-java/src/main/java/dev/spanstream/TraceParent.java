package dev.spanstream;

import org.jspecify.annotations.Nullable;

/**
 * What a {@code sentry-trace} or {@code traceparent} header says
 * (sdk/foundations/trace-propagation, "sentry-trace Header", "W3C traceparent Header").
 *
 * @param sampled null if the decision is left to us
 */
record TraceParent(long traceIdHigh, long traceIdLow, long spanId, @Nullable Boolean sampled) {
  private static final int FLAG = 49;

  /**
   * Reads a {@code sentry-trace} header: 32 and 16 lower-case hexadecimal digits and an optional
   * flag. Of several values the first that is not empty counts.
   *
   * @return null if it is anything else
   */
  static @Nullable TraceParent fromSentryTrace(String header) {
    int start = 0;
    while (start < header.length() && isBlankOrComma(header.charAt(start))) {
      start++;
    }
    int comma = header.indexOf(',', start);
    int end = comma < 0 ? header.length() : comma;
    while (end > start && Character.isWhitespace(header.charAt(end - 1))) {
      end--;
    }
    int flagStart = start + FLAG;
    if (end == flagStart) {
      return parse(header, start, null);
    }
    if (end != flagStart + 2 || header.charAt(flagStart) != '-') {
      return null;
    }
    return switch (header.charAt(flagStart + 1)) {
      case '1' -> parse(header, start, true);
      case '0' -> parse(header, start, false);
      default -> null;
    };
  }

  /**
   * Reads a W3C {@code traceparent} header. Its sampled flag is a decision; without it the sender
   * may just not have decided, so neither have we.
   *
   * @return null if it is anything else
   */
  static @Nullable TraceParent fromW3c(String header) {
    String value = header.strip();
    boolean known = value.length() == 55 && value.startsWith("00-");
    boolean future =
        value.length() >= 55
            && !value.startsWith("00")
            && !value.startsWith("ff")
            && (value.length() == 55 || value.charAt(55) == '-');
    if ((!known && !future)
        || value.charAt(2) != '-'
        || value.charAt(52) != '-'
        || !Hex.isHex(value, 0, 2)
        || !Hex.isHex(value, 53, 55)) {
      return null;
    }
    boolean sampled = (Character.digit(value.charAt(54), 16) & 1) == 1;
    return parse(value, 3, sampled ? Boolean.TRUE : null);
  }

  private static @Nullable TraceParent parse(String value, int at, @Nullable Boolean sampled) {
    if (value.charAt(at + 32) != '-'
        || !Hex.isHex(value, at, at + 32)
        || !Hex.isHex(value, at + 33, at + 49)) {
      return null;
    }
    long high = Hex.parse(value, at);
    long low = Hex.parse(value, at + 16);
    long span = Hex.parse(value, at + 33);
    return (high | low) == 0 || span == 0 ? null : new TraceParent(high, low, span, sampled);
  }

  /** Writes the {@code sentry-trace} header. */
  String toSentryTrace() {
    String flag = sampled == null ? "" : sampled ? "-1" : "-0";
    return Hex.of(traceIdHigh, traceIdLow) + "-" + Hex.of(spanId) + flag;
  }

  /** Writes the W3C {@code traceparent} header; undecided counts as not sampled. */
  String toW3c() {
    return "00-"
        + Hex.of(traceIdHigh, traceIdLow)
        + "-"
        + Hex.of(spanId)
        + (Boolean.TRUE.equals(sampled) ? "-01" : "-00");
  }

  private static boolean isBlankOrComma(char c) {
    return c == ' ' || c == '\t' || c == ',';
  }
}

package dev.spanstream;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The random number of a trace, from 0 to just under 1, that every service compares with its rate
 * (sdk/foundations/trace-propagation, "Propagated Random Value"): six decimals, so that it never
 * rounds up to 1.
 */
final class SampleRand {
  static final int STEPS = 1_000_000;

  /** As JSON has it, for so the receiver reads it; {@code parseDouble} takes "1d" and "0x1p3". */
  private static final Pattern DECIMAL =
      Pattern.compile("(0|[1-9][0-9]{0,17})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?");

  /** Up to here every long is a double; so is every power of ten up to 10^22. */
  private static final long EXACT = 1L << 53;

  private SampleRand() {}

  /** The number that came in or, if there is none, one that agrees with the decision that did. */
  static double continued(TraceParent parent, Map<String, String> received) {
    double given = number(received.get("sample_rand"));
    if (given >= 0 && given < 1) {
      return given;
    }
    double low = 0;
    double high = 1;
    double rate = number(received.get("sample_rate"));
    if (parent.sampled() != null && rate >= 0 && rate <= 1) {
      low = parent.sampled() ? 0 : rate;
      high = parent.sampled() ? rate : 1;
    }
    long from = stepsBelow(low);
    long to = stepsBelow(high);
    if (from >= to) {
      from = 0;
      to = STEPS;
    }
    long drawn = drawn(parent.traceIdHigh(), parent.traceIdLow());
    return (double) (from + drawn * (to - from) / STEPS) / STEPS;
  }

  /** The number of a trace that begins here. */
  static double begun(long traceIdHigh, long traceIdLow) {
    return (double) drawn(traceIdHigh, traceIdLow) / STEPS;
  }

  /** From the trace id, so that all services without the number draw the same one. */
  private static long drawn(long traceIdHigh, long traceIdLow) {
    return Long.remainderUnsigned(mix(traceIdHigh ^ mix(traceIdLow)), STEPS);
  }

  /** How many of the numbers 0, 0.000001, … are less than {@code limit}, as doubles compare. */
  private static long stepsBelow(double limit) {
    long steps = Math.round(limit * STEPS);
    return (double) steps / STEPS < limit ? steps + 1 : steps;
  }

  static String format(double rand) {
    long steps = Math.round(rand * STEPS);
    if ((double) steps / STEPS > rand) {
      steps--;
    }
    String decimals = Long.toString(STEPS + steps % STEPS).substring(1);
    return steps / STEPS + "." + decimals;
  }

  /** The number that a text stands for, or NaN. */
  static double number(@Nullable String text) {
    if (text == null) {
      return Double.NaN;
    }
    double exact = quotient(text);
    if (!Double.isNaN(exact)) {
      return exact;
    }
    return DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
  }

  /**
   * The number that a text like {@code 0.25} stands for, as nearly all are; NaN if it is another.
   * Both sides of a fraction that is small enough are doubles, so dividing rounds but once, to what
   * {@code parseDouble} says.
   */
  private static double quotient(String text) {
    int length = text.length();
    if (length < 3 || length > 19 || text.charAt(1) != '.') {
      return Double.NaN;
    }
    long above = 0;
    long below = 1;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (i == 1) {
        continue; // The point.
      }
      if (c < '0' || c > '9') {
        return Double.NaN;
      }
      above = above * 10 + (c - '0');
      below *= i == 0 ? 1 : 10;
    }
    return above <= EXACT ? (double) above / below : Double.NaN;
  }

  private static long mix(long bits) {
    bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }
}

package dev.spanstream;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The random number of a trace, from 0 to just under 1, that every service compares with its rate
 * (foundations/trace-propagation, "sample_rand"): six decimals, so that it never rounds up to 1.
 */
final class SampleRand {
  static final int STEPS = 1_000_000;

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
    long from = (long) Math.ceil(low * STEPS);
    long to = (long) Math.ceil(high * STEPS);
    if (from >= to) {
      from = 0;
      to = STEPS;
    }
    // From the trace id, so that all services without the number draw the same one.
    long drawn =
        Long.remainderUnsigned(mix(parent.traceIdHigh() ^ mix(parent.traceIdLow())), STEPS);
    return (double) (from + drawn * (to - from) / STEPS) / STEPS;
  }

  static String format(double rand) {
    return String.format(Locale.ROOT, "%.6f", Math.floor(rand * STEPS) / STEPS);
  }

  /** The number that a text stands for, or NaN. */
  static double number(@Nullable String text) {
    // Double.parseDouble takes more than a decimal: "1d", "0x1p3", " 1 ".
    if (text == null || !text.matches("[0-9]{1,18}(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?")) {
      return Double.NaN;
    }
    return Double.parseDouble(text);
  }

  private static long mix(long bits) {
    bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }
}

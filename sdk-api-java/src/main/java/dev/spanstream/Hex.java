package dev.spanstream;

import org.jspecify.annotations.Nullable;

/** Trace and span ids are kept as longs; this is their written form. */
final class Hex {
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private Hex() {}

  static String of(long bits) {
    byte[] text = new byte[16];
    write(bits, text, 0);
    return latin1(text);
  }

  static String of(long high, long low) {
    byte[] text = new byte[32];
    write(high, text, 0);
    write(low, text, 16);
    return latin1(text);
  }

  /** Reads 16 digits, which {@link #isHex} has checked. */
  static long parse(String text, int start) {
    return Long.parseUnsignedLong(text, start, start + 16, 16);
  }

  /** Whether all of this is hexadecimal digits, lower-case as the protocol has them. */
  static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Whether this is an id of so many digits: hexadecimal and not all zero. */
  static boolean isId(@Nullable String text, int digits) {
    return text != null
        && text.length() == digits
        && isHex(text, 0, digits)
        && text.chars().anyMatch(c -> c != '0');
  }

  private static void write(long bits, byte[] to, int start) {
    for (int i = start + 15; i >= start; i--) {
      to[i] = DIGITS[(int) bits & 15];
      bits >>>= 4;
    }
  }

  @SuppressWarnings("deprecation") // The constructor that copies bytes without decoding them.
  private static String latin1(byte[] text) {
    return new String(text, 0);
  }
}

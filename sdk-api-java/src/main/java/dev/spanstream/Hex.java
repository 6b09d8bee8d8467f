package dev.spanstream;

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

  /** Reads 16 digits of either case, or returns 0, which no id may be, if there is another one. */
  static long parse(CharSequence text, int start) {
    long bits = 0;
    for (int i = start; i < start + 16; i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return 0;
      }
      bits = bits << 4 | digit;
    }
    return bits;
  }

  /** Whether there are 16 digits of either case. */
  static boolean isHex(CharSequence text, int start) {
    for (int i = start; i < start + 16; i++) {
      char c = text.charAt(i);
      if (c >= 128 || Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether this is lower-case hexadecimal throughout and not all zero. */
  static boolean isNonZero(String text) {
    boolean nonZero = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
      nonZero |= c != '0';
    }
    return nonZero;
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

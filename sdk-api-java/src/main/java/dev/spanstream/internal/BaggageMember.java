package dev.spanstream.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one member of a {@code baggage} header, {@code sentry-key=value;property}, where it stands:
 * a member is a range of the header, from its start to before the comma at its end. Nothing is
 * copied, and no object made, but for the key or value that is asked for.
 */
final class BaggageMember {
  static final String PREFIX = "sentry-";

  private BaggageMember() {}

  /** Where the member ends that starts here. */
  static int end(String header, int start) {
    return find(',', header, start, header.length());
  }

  /** Where the equals sign of the member is; -1 if the member is not ours, or has no good key. */
  static int equalsSign(String header, int start, int end) {
    // The prefix cannot match beyond the end, where a comma is.
    if (!header.startsWith(PREFIX, skipBlanks(header, start, end))) {
      return -1;
    }
    int equals = find('=', header, start, end);
    if (equals == end) {
      return -1;
    }
    int key = keyStart(header, start, equals);
    return isToken(header, key, dropBlanks(header, key, equals)) ? equals : -1;
  }

  /** The key of a member of ours, without prefix. */
  static String key(String header, int start, int equals) {
    int key = keyStart(header, start, equals);
    return header.substring(key, dropBlanks(header, key, equals));
  }

  static boolean hasKey(String wanted, String header, int start, int equals) {
    int key = keyStart(header, start, equals);
    return header.startsWith(wanted, key)
        && key + wanted.length() == dropBlanks(header, key, equals);
  }

  private static int keyStart(String header, int start, int equals) {
    return skipBlanks(header, skipBlanks(header, start, equals) + PREFIX.length(), equals);
  }

  /**
   * The value; null for a broken escape, a raw character that may not stand there, or bad UTF-8.
   */
  static @Nullable String value(String header, int equals, int end) {
    int from = skipBlanks(header, equals + 1, end);
    int to = dropBlanks(header, from, find(';', header, from, end));
    boolean escaped = false;
    for (int i = from; i < to; i++) {
      char c = header.charAt(i);
      if (c <= ' ' || c >= 127) {
        return null;
      }
      escaped |= c == '%';
    }
    return escaped ? decode(header, from, to) : header.substring(from, to);
  }

  private static @Nullable String decode(String text, int from, int to) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes[length++] = (byte) c;
        continue;
      }
      int high = i + 2 < to ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < to ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      bytes[length++] = (byte) (high << 4 | low);
      i += 2;
    }
    String decoded = new String(bytes, 0, length, StandardCharsets.UTF_8);
    // What is no UTF-8 was replaced, and so is not written as it was read.
    byte[] written = decoded.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(written, 0, written.length, bytes, 0, length) ? decoded : null;
  }

  /** A token of RFC 9110, so that nothing can break out of the header. */
  static boolean isToken(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= 127 || (!Character.isLetterOrDigit(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0)) {
        return false;
      }
    }
    return from < to;
  }

  /** Where the character is in this range; the end of the range if it is not. */
  private static int find(char wanted, String text, int from, int to) {
    int at = from;
    while (at < to && text.charAt(at) != wanted) {
      at++;
    }
    return at;
  }

  private static int skipBlanks(String text, int from, int to) {
    int start = from;
    while (start < to && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private static int dropBlanks(String text, int from, int to) {
    int end = to;
    while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }
}

package dev.spanstream.internal;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the {@code sentry-} members of the W3C {@code baggage} header
 * (sdk/foundations/trace-propagation/dynamic-sampling-context, "Baggage Header"). Members that are
 * malformed are left out; nothing throws.
 *
 * <p>For the modules of this project only; may change at any time.
 */
public final class Baggage {
  static final int MAX_BYTES = 8_192;
  static final int MAX_MEMBERS = 64;

  private static final String PREFIX = BaggageMember.PREFIX;
  private static final String UNRESERVED = "-._~";

  /** As long as a header with all that we know of a trace. */
  private static final int USUAL_LENGTH = 384;

  private Baggage() {}

  /**
   * Reads our members: the dynamic sampling context, in order, keys without prefix. Members that
   * would not fit into the limits of the standard (64 members, 8,192 bytes) are left out.
   *
   * @param header the header; several are to be joined by commas
   */
  public static Map<String, String> parse(String header) {
    Map<String, String> context = new LinkedHashMap<>();
    int bytes = 0;
    int end;
    for (int start = 0; start < header.length() && context.size() < MAX_MEMBERS; start = end + 1) {
      end = BaggageMember.end(header, start);
      int equals = BaggageMember.equalsSign(header, start, end);
      String value = equals < 0 ? null : BaggageMember.value(header, equals, end);
      if (value == null) {
        continue;
      }
      String key = BaggageMember.key(header, start, equals);
      // As it will be written: what was read can always be passed on.
      int written = (context.isEmpty() ? 0 : 1) + writtenLength(key, value);
      if (bytes + written <= MAX_BYTES) {
        bytes += written;
        context.put(key, value);
      }
    }
    return context;
  }

  /** The same for who may never look at it: unmodifiable, and read when it is first needed. */
  public static Map<String, String> parseLazily(String header) {
    return LazyBaggage.suits(header)
        ? new LazyBaggage(header)
        : Collections.unmodifiableMap(parse(header));
  }

  /**
   * Writes a header value: our members, then those of others that the outgoing request already has.
   * Members that would pass the limits of the standard are left out whole; ours come first.
   *
   * @param context the dynamic sampling context
   * @param existing the header that the request already has, or null
   * @return an empty string if there is no member
   */
  public static String write(Map<String, String> context, @Nullable String existing) {
    if (context.isEmpty() && existing == null) {
      return "";
    }
    StringBuilder header = new StringBuilder(USUAL_LENGTH);
    int members = 0;
    for (Map.Entry<String, String> entry : context.entrySet()) {
      String key = entry.getKey();
      String value = entry.getValue();
      if (BaggageMember.isToken(key, 0, key.length())
          && begin(header, members, writtenLength(key, value))) {
        appendEncoded(header.append(PREFIX).append(key).append('='), value);
        members++;
      }
    }
    if (existing != null) {
      for (String member : existing.split(",", -1)) {
        String foreign = member.strip();
        if (!foreign.isEmpty()
            && !foreign.startsWith(PREFIX)
            && begin(header, members, foreign.length())) {
          header.append(foreign);
          members++;
        }
      }
    }
    return header.toString();
  }

  /** Whether there is room for one more member of this length; if so, it can be appended. */
  private static boolean begin(StringBuilder header, int members, int length) {
    int separator = members == 0 ? 0 : 1;
    if (members == MAX_MEMBERS || header.length() + separator + length > MAX_BYTES) {
      return false;
    }
    if (separator == 1) {
      header.append(',');
    }
    return true;
  }

  private static int writtenLength(String key, String value) {
    int length = PREFIX.length() + key.length() + 1;
    if (isPlain(value)) {
      return length + value.length();
    }
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      length += isUnreserved((char) (b & 0xff)) ? 1 : 3;
    }
    return length;
  }

  private static void appendEncoded(StringBuilder header, String value) {
    if (isPlain(value)) {
      header.append(value);
      return;
    }
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (isUnreserved(c)) {
        header.append(c);
      } else {
        header.append('%').append(hex(b >> 4)).append(hex(b));
      }
    }
  }

  /** Whether the value is written as it is. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isUnreserved(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnreserved(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
  }

  private static char hex(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
  }
}

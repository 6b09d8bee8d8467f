package dev.spanstream.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the {@code sentry-} members of the W3C {@code baggage} header
 * (foundations/trace-propagation, "baggage"). Members that are malformed are left out; nothing
 * throws.
 *
 * <p>For the modules of this project only; may change at any time.
 */
public final class Baggage {
  private static final String PREFIX = "sentry-";
  private static final int MAX_BYTES = 8_192;
  private static final int MAX_MEMBERS = 64;
  private static final String UNRESERVED = "-._~";

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
    for (int start = 0; start < header.length(); ) {
      int comma = header.indexOf(',', start);
      int end = comma < 0 ? header.length() : comma;
      String member = header.substring(start, end).strip();
      start = end + 1;
      int equals = member.indexOf('=');
      if (!member.startsWith(PREFIX) || equals < 0) {
        continue;
      }
      int properties = member.indexOf(';', equals);
      String key = member.substring(PREFIX.length(), equals).strip();
      String raw = member.substring(equals + 1, properties < 0 ? member.length() : properties);
      String value = decode(raw.strip());
      if (key.isEmpty() || !isToken(key) || value == null) {
        continue;
      }
      // As it will be written: what was read can always be passed on.
      int written = PREFIX.length() + key.length() + 1 + encode(value).length();
      int separator = context.isEmpty() ? 0 : 1;
      if (context.size() < MAX_MEMBERS && bytes + separator + written <= MAX_BYTES) {
        bytes += separator + written;
        context.put(key, value);
      }
    }
    return context;
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
    StringBuilder header = new StringBuilder();
    int members = 0;
    for (Map.Entry<String, String> entry : context.entrySet()) {
      if (isToken(entry.getKey())) {
        members +=
            append(header, members, PREFIX + entry.getKey() + "=" + encode(entry.getValue()));
      }
    }
    if (existing != null) {
      for (String member : existing.split(",", -1)) {
        String foreign = member.strip();
        if (!foreign.isEmpty() && !foreign.startsWith(PREFIX)) {
          members += append(header, members, foreign);
        }
      }
    }
    return header.toString();
  }

  private static int append(StringBuilder header, int members, String member) {
    int separator = members == 0 ? 0 : 1;
    if (members == MAX_MEMBERS || header.length() + separator + member.length() > MAX_BYTES) {
      return 0;
    }
    if (separator == 1) {
      header.append(',');
    }
    header.append(member);
    return 1;
  }

  private static String encode(String value) {
    StringBuilder out = new StringBuilder(value.length() + 8);
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%').append(hex(b >> 4)).append(hex(b));
      }
    }
    return out.toString();
  }

  private static char hex(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
  }

  /** Returns null for a broken escape, a raw character that may not stand there, or bad UTF-8. */
  private static @Nullable String decode(String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%') {
        int high = i + 2 < value.length() ? digit(value.charAt(i + 1)) : -1;
        int low = i + 2 < value.length() ? digit(value.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c <= ' ' || c >= 127) {
        return null;
      } else {
        bytes.write(c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  /** A token of RFC 9110, so that nothing can break out of the header. */
  private static boolean isToken(String key) {
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c >= 127 || (!Character.isLetterOrDigit(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0)) {
        return false;
      }
    }
    return !key.isEmpty();
  }
}

package dev.spanstream.internal;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Baggage#parse} makes of a header, made when somebody first goes through it. Most
 * requests are not sampled, and of these only a member or two are ever asked for: {@link #get}
 * finds them in the text. Cannot be modified.
 *
 * <p>It keeps the header for as long as the trace, so a long one is refused. That also is what
 * makes the search right: in a header that {@link #suits}, no member is left out for the limits, so
 * each can be judged without those before it.
 */
final class LazyBaggage extends AbstractMap<String, String> {
  /** What is written is at most three times as long as what was read: "!" becomes "%21". */
  private static final int MAX_LENGTH = Baggage.MAX_BYTES / 3;

  private final String header;

  /** Null until it is needed. Threads that need it at once make the same, and one of them stays. */
  private volatile @Nullable Map<String, String> parsed;

  LazyBaggage(String header) {
    this.header = header;
  }

  /** Whether the header is so short that it cannot pass the limits. */
  static boolean suits(String header) {
    int members = 1;
    for (int at = header.indexOf(','); at >= 0; at = header.indexOf(',', at + 1)) {
      members++;
    }
    return members <= Baggage.MAX_MEMBERS && header.length() <= MAX_LENGTH;
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    Map<String, String> present = parsed;
    if (present != null) {
      return present.get(key);
    }
    return key instanceof String wanted ? find(wanted) : null;
  }

  /** The value of the last good member with this key. */
  private @Nullable String find(String key) {
    String found = null;
    int end;
    for (int start = 0; start < header.length(); start = end + 1) {
      end = BaggageMember.end(header, start);
      int equals = BaggageMember.equalsSign(header, start, end);
      if (equals >= 0 && BaggageMember.hasKey(key, header, start, equals)) {
        String value = BaggageMember.value(header, equals, end);
        found = value == null ? found : value;
      }
    }
    return found;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null; // No value is null.
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    Map<String, String> present = parsed;
    if (present == null) {
      parsed = present = Collections.unmodifiableMap(Baggage.parse(header));
    }
    return present.entrySet();
  }
}

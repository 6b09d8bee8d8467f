package dev.spanstream;

import dev.spanstream.internal.SpanSize;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Attributes in one flat array of keys and values, in the order in which they were set. Spans have
 * few of them, so looking one up is a walk. Not thread-safe.
 */
final class AttributeList {
  private static final Object[] NOTHING = {};
  private static final int FIRST_CAPACITY = 8;

  /** How many attributes are kept; nobody reads more, and looking one up is a walk. */
  static final int MAX_ATTRIBUTES = 1_024;

  /** Never written to. */
  static final AttributeList EMPTY = new AttributeList();

  private Object[] entries = NOTHING;
  private int size;

  /**
   * A bit for each key that was ever set, by its hash: most keys that are looked up are not here.
   */
  private long keys;

  private long estimatedBytes;

  AttributeList() {}

  AttributeList(AttributeList other) {
    entries = Arrays.copyOf(other.entries, other.size);
    size = other.size;
    keys = other.keys;
    estimatedBytes = other.estimatedBytes;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** See {@link SpanSize}. */
  long estimatedBytes() {
    return estimatedBytes;
  }

  @Nullable Object get(String key) {
    int at = indexOf(key);
    return at < 0 ? null : entries[at + 1];
  }

  boolean has(String key) {
    return indexOf(key) >= 0;
  }

  /**
   * Sets a key and a value that {@link AttributeValues} has made.
   *
   * @return false if there are too many already
   */
  boolean put(String key, Object value) {
    int at = indexOf(key);
    if (at < 0) {
      at = size;
      if (at == 2 * MAX_ATTRIBUTES) {
        return false;
      }
      if (at == entries.length) {
        entries = Arrays.copyOf(entries, Math.max(FIRST_CAPACITY, at * 2));
      }
      entries[at] = key;
      size += 2;
      keys |= bit(key);
    } else {
      estimatedBytes -= SpanSize.attribute(key, entries[at + 1]);
    }
    entries[at + 1] = value;
    estimatedBytes += SpanSize.attribute(key, value);
    return true;
  }

  void putAll(AttributeList other) {
    for (int i = 0; i < other.size; i += 2) {
      put((String) other.entries[i], other.entries[i + 1]);
    }
  }

  /** The same with no string longer than a tracer allows; itself if none is. */
  AttributeList limitedTo(int maxLength) {
    for (int i = 1; i < size; i += 2) {
      if (AttributeValues.isLongerThan(entries[i], maxLength)) {
        return AttributeValues.normalized(toMap(), maxLength);
      }
    }
    return this;
  }

  void remove(String key) {
    int at = indexOf(key);
    if (at >= 0) {
      estimatedBytes -= SpanSize.attribute(key, entries[at + 1]);
      System.arraycopy(entries, at + 2, entries, at, size - at - 2);
      size -= 2;
      Arrays.fill(entries, size, size + 2, null);
    }
  }

  void forEach(BiConsumer<? super String, Object> action) {
    for (int i = 0; i < size; i += 2) {
      action.accept((String) entries[i], entries[i + 1]);
    }
  }

  /** A copy for users. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    forEach(map::put);
    return Collections.unmodifiableMap(map);
  }

  private static long bit(String key) {
    return 1L << key.hashCode();
  }

  private int indexOf(String key) {
    if ((keys & bit(key)) == 0) {
      return -1;
    }
    for (int i = 0; i < size; i += 2) {
      if (entries[i].equals(key)) {
        return i;
      }
    }
    return -1;
  }
}

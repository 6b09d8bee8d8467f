package dev.spanstream;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what users pass into the kinds that the protocol knows
 * (sdk/foundations/state-management/scopes/attributes): {@link String}, {@link Boolean}, {@link
 * Long}, {@link Double}, or an unmodifiable list of one of them. The result never refers to the
 * user's object, and no user's {@code toString} can throw through it.
 */
final class AttributeValues {
  /** Longer arrays are cut: they would be trimmed by the receiver anyway. */
  static final int MAX_ELEMENTS = 1_024;

  private static final int MAX_KEY_LENGTH = 256;

  private AttributeValues() {}

  /** Returns the key in its final form. */
  static String key(String key) {
    return Text.fitting(key, MAX_KEY_LENGTH);
  }

  /** Returns the value in its final form, or null for null, which is no value. */
  static @Nullable Object normalize(@Nullable Object value, int maxLength) {
    if (value == null) {
      return null;
    }
    try {
      Object scalar = scalar(value, maxLength);
      if (scalar != null) {
        return scalar;
      }
      if (value instanceof Collection<?> collection) {
        return elements(collection, maxLength);
      }
      if (value.getClass().isArray()) {
        return elements(value, maxLength);
      }
      return Text.fitting(String.valueOf(value), maxLength);
    } catch (Throwable hostile) {
      // A toString or an iterator of the user's, or the stack that it overflowed.
      return Text.fitting("(unreadable " + value.getClass().getName() + ")", maxLength);
    }
  }

  static AttributeList normalized(@Nullable Map<String, ?> attributes, int maxLength) {
    return normalized(attributes, maxLength, null);
  }

  /**
   * Copies a map with every value in its final form; nulls are left out, and what follows an entry
   * at which the map throws. Of an empty map it is {@link AttributeList#EMPTY}.
   *
   * @param log is told of the nulls, if given
   */
  static AttributeList normalized(
      @Nullable Map<String, ?> attributes, int maxLength, @Nullable Log log) {
    AttributeList copy = AttributeList.EMPTY;
    if (attributes == null) {
      return copy;
    }
    try {
      if (attributes.isEmpty()) {
        return copy;
      }
      copy = new AttributeList(); // Whatever comes now: a map that another thread fills may lie.
      for (Map.Entry<String, ?> entry : attributes.entrySet()) {
        String key = entry.getKey();
        Object normal = normalize(entry.getValue(), maxLength);
        if (key != null && normal != null) {
          if (!copy.put(key(key), normal)) {
            break;
          }
        } else if (log != null) {
          log.debug("A null for attribute '%s' is ignored", key);
        }
      }
    } catch (Throwable hostile) {
      return copy; // Half a map is better than an exception in the application.
    }
    return copy;
  }

  /** Whether a value in its final form has a string that is to be cut. */
  static boolean isLongerThan(Object value, int maxLength) {
    if (value instanceof List<?> list) {
      return list.stream().anyMatch(element -> isLongerThan(element, maxLength));
    }
    return value instanceof String text && text.length() > maxLength;
  }

  private static @Nullable Object scalar(Object value, int maxLength) {
    if (value instanceof CharSequence text) {
      return Text.fitting(text.toString(), maxLength);
    }
    if (value instanceof Boolean || value instanceof Long) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? (Object) number : Double.toString(number);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    return value instanceof Character c ? Text.fitting(c.toString(), maxLength) : null;
  }

  private static Object elements(Collection<?> values, int maxLength) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (Object value : values) {
      if (elements.size() == MAX_ELEMENTS) {
        break;
      }
      elements.add(value);
    }
    Object list = homogeneous(elements, maxLength);
    return list != null ? list : Text.fitting(String.valueOf(elements), maxLength);
  }

  private static Object elements(Object array, int maxLength) {
    int length = Math.min(Array.getLength(array), MAX_ELEMENTS);
    List<@Nullable Object> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      elements.add(Array.get(array, i));
    }
    Object list = homogeneous(elements, maxLength);
    // deepToString survives arrays that contain themselves.
    return list != null ? list : Text.fitting(Arrays.deepToString(elements.toArray()), maxLength);
  }

  /** The elements in their final form without nulls, or null if they are of several kinds. */
  private static @Nullable List<Object> homogeneous(
      List<@Nullable Object> elements, int maxLength) {
    List<Object> list = new ArrayList<>(elements.size());
    boolean fractions = false;
    for (Object element : elements) {
      if (element == null) {
        continue;
      }
      Object scalar = scalar(element, maxLength);
      if (scalar == null || (!list.isEmpty() && !sameKind(list.get(0), scalar))) {
        return null;
      }
      fractions |= scalar instanceof Double;
      list.add(scalar);
    }
    if (fractions) {
      list.replaceAll(number -> ((Number) number).doubleValue());
    }
    return Collections.unmodifiableList(list);
  }

  private static boolean sameKind(Object first, Object other) {
    return first.getClass() == other.getClass()
        || (first instanceof Number && other instanceof Number);
  }
}

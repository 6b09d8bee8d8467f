package dev.spanstream.internal;

import dev.spanstream.SpanLink;
import dev.spanstream.sink.FinishedSpan;
import java.util.List;

/**
 * How many bytes a span takes as JSON, roughly, found without writing it: texts at one byte a
 * character, numbers and punctuation at their longest. So it is never too little for texts of ASCII
 * without characters that JSON escapes; other alphabets take up to three times as much as they
 * count, control characters six times.
 *
 * <p>For the modules of this project only; may change at any time.
 */
public final class SpanSize {
  /** All ids, timestamps and names of fields of a span, and its comma. */
  private static final int SPAN = 322;

  /** {@code "":{"type":"boolean","value":},}. */
  private static final int ATTRIBUTE = 31;

  /** Both ids and all names of fields of a link, and its comma. */
  private static final int LINK = 128;

  /** The longest long has 20 characters, the longest double 24. */
  private static final int NUMBER = 24;

  private SpanSize() {}

  /** Of a span with attributes of this size. */
  public static long of(FinishedSpan span, long attributes) {
    long size = SPAN + span.getName().length() + attributes;
    List<SpanLink> links = span.getLinks();
    if (!links.isEmpty()) {
      for (SpanLink link : links) {
        size += LINK;
        for (var attribute : link.attributes().entrySet()) {
          size += attribute(attribute.getKey(), attribute.getValue());
        }
      }
    }
    return size;
  }

  /** Of one attribute. */
  public static long attribute(String key, Object value) {
    return key.length() + ATTRIBUTE + value(value);
  }

  private static long value(Object value) {
    if (value instanceof String text) {
      return text.length() + 2L;
    }
    if (value instanceof List<?> list) {
      long size = 2;
      for (Object element : list) {
        size += value(element) + 1;
      }
      return size;
    }
    return NUMBER;
  }
}

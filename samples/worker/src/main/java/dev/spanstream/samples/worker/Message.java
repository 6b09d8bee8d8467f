package dev.spanstream.samples.worker;

import dev.spanstream.Span;
import dev.spanstream.SpanLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A message as a broker keeps it.
 *
 * @param id by which it is known
 * @param body what it says: here the article that was ordered
 * @param headers the trace of whoever published it
 * @param retries how often it was delivered before
 * @param failedAttempts the spans of those deliveries, as far as they were recorded
 */
record Message(
    String id,
    String body,
    Map<String, String> headers,
    int retries,
    List<SpanLink> failedAttempts) {

  /** A message that was never delivered. */
  static Message of(String id, String body, Map<String, String> headers) {
    return new Message(id, body, headers, 0, List.of());
  }

  /** The same message for another delivery, of which the span can link to the one that failed. */
  Message afterFailure(Span attempt) {
    List<SpanLink> failed = new ArrayList<>(failedAttempts);
    if (attempt.isSampled()) { // Otherwise it has no ids.
      failed.add(new SpanLink(attempt.getTraceId(), attempt.getSpanId(), true, Map.of()));
    }
    return new Message(id, body, headers, retries + 1, List.copyOf(failed));
  }
}

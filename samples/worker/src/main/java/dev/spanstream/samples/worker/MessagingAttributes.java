package dev.spanstream.samples.worker;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the spans of a message say about it, in the names of Sentry's conventions. */
final class MessagingAttributes {
  private MessagingAttributes() {}

  static Map<String, Object> ofPublishing(MessageQueue queue, Message message) {
    return of("queue.publish", "send", queue, message);
  }

  static Map<String, Object> ofProcessing(MessageQueue queue, Message message) {
    return of("queue.process", "process", queue, message);
  }

  private static Map<String, Object> of(
      String op, String operation, MessageQueue queue, Message message) {
    return Map.of(
        "sentry.op",
        op,
        "messaging.system",
        "in_process",
        "messaging.operation.type",
        operation,
        "messaging.destination.name",
        queue.name(),
        "messaging.message.id",
        message.id(),
        "messaging.message.body.size",
        message.body().getBytes(StandardCharsets.UTF_8).length,
        "messaging.message.retry.count",
        message.retries());
  }
}

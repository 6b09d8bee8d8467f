package dev.spanstream;

import java.util.function.BiConsumer;

/**
 * Puts together what is sent with a span (sdk/telemetry/spans, "Common Attribute Keys"): what the
 * protocol demands, the span's own attributes, those of the scopes, the common ones. Of two with
 * one key the first wins, but nothing replaces what is demanded.
 */
final class SentAttributes {
  private static final String SEGMENT_ID = "sentry.segment.id";
  private static final String SEGMENT_NAME = "sentry.segment.name";
  private static final String TRACE_LIFECYCLE = "sentry.trace_lifecycle";
  static final String NAME_SOURCE = "sentry.segment.name.source";

  private SentAttributes() {}

  static void show(RecordingSpan span, BiConsumer<? super String, Object> action) {
    demanded(span.recordedTree(), action);
    AttributeList own = span.ownAttributes();
    AttributeList scopes = span.scopeAttributes();
    own.forEach(
        (key, value) -> {
          if (mayBeSet(span, key)) {
            action.accept(key, value);
          }
        });
    scopes.forEach(
        (key, value) -> {
          if (!own.has(key) && mayBeSet(span, key)) {
            action.accept(key, value);
          }
        });
    BiConsumer<String, Object> unlessSet =
        (key, value) -> {
          if (!own.has(key) && !scopes.has(key)) {
            action.accept(key, value);
          }
        };
    unlessSet.accept("sentry.origin", "manual");
    unlessSet.accept("thread.id", Long.toString(span.threadId()));
    if (!span.threadName().isEmpty()) {
      unlessSet.accept("thread.name", span.tree.tracer().fitting(span.threadName()));
    }
    CommonAttributes common = span.tree.tracer().commonAttributes();
    common.everySpan().forEach(unlessSet);
    if (span.isServiceSpan()) {
      common.serviceSpan().forEach(unlessSet);
    }
  }

  /** Shows what the receiver may reject a span without. */
  static void demanded(RecordedTree tree, BiConsumer<? super String, Object> action) {
    action.accept(SEGMENT_ID, tree.getServiceSpanId());
    action.accept(SEGMENT_NAME, tree.getServiceSpanName());
    action.accept(TRACE_LIFECYCLE, "stream");
  }

  /** Whether this is neither demanded nor something that only a service span may have. */
  static boolean mayBeSet(RecordingSpan span, String key) {
    return switch (key) {
      case SEGMENT_ID, SEGMENT_NAME, TRACE_LIFECYCLE -> false;
      case NAME_SOURCE -> span.isServiceSpan();
      default -> true;
    };
  }
}

package dev.spanstream;

import dev.spanstream.internal.SpanSize;
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

  /** But for the name of the service span. */
  private static final long DEMANDED =
      SpanSize.attribute(SEGMENT_ID, "0".repeat(16))
          + SpanSize.attribute(SEGMENT_NAME, "")
          + SpanSize.attribute(TRACE_LIFECYCLE, "stream");

  private static final long BY_DEFAULT =
      SpanSize.attribute("sentry.origin", "manual")
          + SpanSize.attribute("thread.id", "0".repeat(20));

  private SentAttributes() {}

  static void show(RecordingSpan span, BiConsumer<? super String, Object> action) {
    Tracer tracer = span.tree.tracer();
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
    ThreadLabel thread = span.thread();
    unlessSet.accept("sentry.origin", "manual");
    unlessSet.accept("thread.id", thread.id());
    if (!thread.name().isEmpty()) {
      unlessSet.accept("thread.name", Text.cut(thread.name(), tracer.maxAttributeValueLength()));
    }
    CommonAttributes common = tracer.commonAttributes();
    common.everySpan().forEach(unlessSet);
    if (span.isServiceSpan()) {
      common.serviceSpan().forEach(unlessSet);
    }
  }

  /** How many bytes all that takes, roughly: at most what it would be if no key were set twice. */
  static long estimatedBytes(RecordingSpan span) {
    CommonAttributes common = span.tree.tracer().commonAttributes();
    long size = demandedBytes(span) + BY_DEFAULT;
    size += SpanSize.attribute("thread.name", span.thread().name());
    size += span.ownAttributes().estimatedBytes() + span.scopeAttributes().estimatedBytes();
    size += common.everySpan().estimatedBytes();
    return span.isServiceSpan() ? size + common.serviceSpan().estimatedBytes() : size;
  }

  static long demandedBytes(RecordingSpan span) {
    return DEMANDED + span.recordedTree().getServiceSpanName().length();
  }

  /** Removes what is put there in any case. */
  static void removeDemanded(AttributeList attributes) {
    attributes.remove(SEGMENT_ID);
    attributes.remove(SEGMENT_NAME);
    attributes.remove(TRACE_LIFECYCLE);
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

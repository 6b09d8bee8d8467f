package dev.spanstream;

import dev.spanstream.internal.ContextDoor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The active spans of one context, innermost on top.
 *
 * <p>Spans end anywhere, but only the owner of the context changes this. So the end of a span just
 * marks it: it is skipped from then on, and forgotten when the owner next looks. What was inherited
 * from the context that this was forked from stays active even after its end.
 *
 * <p>Not thread-safe, but no call throws or loops whatever other threads do meanwhile: each works
 * on the array and the size that it has read once.
 */
final class ActiveSpans implements ContextDoor.Frame {
  private static final BaseSpan[] NOTHING = {};

  /** Beyond it the oldest are forgotten: they were started and never ended. */
  private static final int MAX_DEPTH = 1_024;

  /** Below {@code inherited} what was active where this was forked, above it what started here. */
  private @Nullable BaseSpan[] stack = NOTHING;

  private int inherited;
  private int size;

  /** What a child starts with where nothing else is active. */
  static ActiveSpans inheriting(@Nullable BaseSpan span) {
    ActiveSpans child = new ActiveSpans();
    if (span != null) {
      child.push(span);
      child.inherited = 1;
    }
    return child;
  }

  /** What a child starts with: the active span of each tracer. */
  ActiveSpans fork() {
    ActiveSpans child = new ActiveSpans();
    @Nullable BaseSpan[] spans = stack;
    for (int i = 0; i < Math.min(size, spans.length); i++) {
      BaseSpan span = spans[i];
      if (span != null && span == active(span.tree.tracer())) {
        child.push(span);
        child.inherited = child.size;
      }
    }
    return child;
  }

  /** The innermost active span of this tracer, or of any if that is null. */
  @Nullable BaseSpan active(@Nullable Tracer tracer) {
    @Nullable BaseSpan[] spans = stack;
    for (int i = Math.min(size, spans.length) - 1; i >= 0; i--) {
      BaseSpan span = spans[i];
      if (span != null
          && (tracer == null || span.tree.tracer() == tracer)
          && (i < inherited || !span.hasEnded())) {
        return span;
      }
    }
    return null;
  }

  void push(BaseSpan span) {
    forgetEnded();
    int top = size;
    if (top >= stack.length) {
      makeRoom();
      top = size;
    }
    @Nullable BaseSpan[] spans = stack;
    if (top < spans.length) {
      spans[top] = span;
      size = top + 1;
    }
  }

  /** Forgets what has ended on top. */
  void forgetEnded() {
    @Nullable BaseSpan[] spans = stack;
    int top = Math.min(size, spans.length);
    while (top > inherited) {
      BaseSpan span = spans[top - 1];
      if (span != null && !span.hasEnded()) {
        break;
      }
      spans[--top] = null;
    }
    size = top;
  }

  /** How many spans are held, some of them perhaps ended. */
  int depth() {
    return size;
  }

  /** Forgets all that has ended, or spans that overlap without end would pile up; else grows. */
  private void makeRoom() {
    @Nullable BaseSpan[] spans = stack;
    int kept = inherited;
    for (int i = inherited; i < spans.length; i++) {
      BaseSpan span = spans[i];
      if (span != null && !span.hasEnded()) {
        spans[kept++] = span;
      }
    }
    Arrays.fill(spans, kept, spans.length, null);
    if (kept >= MAX_DEPTH) {
      int oldest = inherited;
      System.arraycopy(spans, oldest + 1, spans, oldest, kept - oldest - 1);
      spans[--kept] = null;
    } else if (kept >= spans.length / 2) {
      stack = Arrays.copyOf(spans, Math.max(4, kept * 2));
    }
    size = kept;
  }
}

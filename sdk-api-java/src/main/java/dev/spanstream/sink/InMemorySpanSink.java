package dev.spanstream.sink;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps ended spans in memory, for tests of your own spans.
 *
 * <pre>{@code
 * InMemorySpanSink sink = new InMemorySpanSink();
 * Tracer tracer = Tracer.create(options -> {
 *   options.setSink(sink);
 *   options.setTracesSampleRate(1.0);
 * });
 * shop(tracer).checkout(cart);
 * assertThat(sink.tree()).isEqualTo("""
 *     checkout
 *       charge card
 *       send receipt
 *     """);
 * assertThat(tracer.stats().open()).isZero();
 * }</pre>
 *
 * <p>To fail on spans that are left open, with the place where they were started, add a {@link
 * dev.spanstream.StrictMode}.
 *
 * <p>Thread-safe. Unbounded: {@link #clear} it between tests.
 */
public final class InMemorySpanSink implements SpanSink {
  private static final Comparator<FinishedSpan> BY_START =
      Comparator.comparingLong(FinishedSpan::getStartMicros);

  private final ConcurrentLinkedQueue<FinishedSpan> spans = new ConcurrentLinkedQueue<>();

  /** Makes an empty one. */
  public InMemorySpanSink() {}

  @Override
  public void accept(FinishedSpan span) {
    spans.add(span);
  }

  /** All spans that have ended so far, in the order of their ends; a copy, unmodifiable. */
  public List<FinishedSpan> spans() {
    return List.copyOf(spans);
  }

  /** The spans with exactly this name, in the order of their ends; empty if there is none. */
  public List<FinishedSpan> named(String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).toList();
  }

  /**
   * The only span with this name.
   *
   * @throws AssertionError if there is none, or more than one; the message shows what there is
   */
  public FinishedSpan only(String name) {
    List<FinishedSpan> found = named(name);
    if (found.size() != 1) {
      throw new AssertionError(
          found.size() + " spans are named '" + name + "', not one, of these:\n" + tree());
    }
    return found.get(0);
  }

  /** The children of a span that have ended so far, in the order of their starts. */
  public List<FinishedSpan> childrenOf(FinishedSpan parent) {
    return spans.stream()
        .filter(span -> span.getParentSpanIdBits() == parent.getSpanIdBits() && span != parent)
        .filter(span -> span.getTraceId().equals(parent.getTraceId()))
        .sorted(BY_START)
        .toList();
  }

  /**
   * The names of all spans as trees, one a line, children indented by two more spaces than their
   * parent, in the order of their starts; of two that started in the same microsecond, the first to
   * end stands first. A span whose parent is not here stands at the margin. Empty if there is none.
   */
  public String tree() {
    StringBuilder text = new StringBuilder();
    List<FinishedSpan> all = new ArrayList<>(spans);
    all.sort(BY_START);
    for (FinishedSpan span : all) {
      if (all.stream().noneMatch(other -> isParent(other, span))) {
        append(text, span, 0);
      }
    }
    return text.toString();
  }

  /** Forgets all spans that have ended so far. */
  public void clear() {
    spans.clear();
  }

  private void append(StringBuilder text, FinishedSpan span, int depth) {
    text.append("  ".repeat(depth)).append(span.getName()).append('\n');
    for (FinishedSpan child : childrenOf(span)) {
      append(text, child, depth + 1);
    }
  }

  private static boolean isParent(FinishedSpan candidate, FinishedSpan span) {
    return candidate.getSpanIdBits() == span.getParentSpanIdBits()
        && Objects.equals(candidate.getTraceId(), span.getTraceId());
  }
}

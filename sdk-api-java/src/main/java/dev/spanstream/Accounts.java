package dev.spanstream;

import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.SinkStats;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what a tracer starts, ends and drops itself; the sink counts the rest. */
final class Accounts {
  private final LongAdder started = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);

  Accounts() {
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  void started() {
    started.increment();
  }

  void ended() {
    ended.increment();
  }

  @SuppressWarnings("NullAway") // Every reason has its counter.
  void dropped(DropReason reason) {
    dropped.get(reason).increment();
  }

  /**
   * The balance. Later stages are read before earlier ones, so that a span on its way while we read
   * counts as not yet arrived, and no number is ever negative.
   *
   * @param sink what the sink says; null if everything it took counts as sent
   */
  TracerStats balance(@Nullable SinkStats sink, long healedContexts) {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    long arrived = sink == null ? 0 : sink.sent() + sink.spooled();
    if (sink != null) {
      sink.dropped().forEach((reason, spans) -> drops.merge(reason, spans, Long::sum));
    }
    dropped.forEach((reason, spans) -> drops.merge(reason, spans.sum(), Long::sum));
    drops.values().removeIf(spans -> spans == 0);
    long droppedTotal = drops.values().stream().mapToLong(Long::longValue).sum();
    long endedNow = ended.sum();
    long startedNow = started.sum();
    long rest = endedNow - droppedTotal - arrived;
    return new TracerStats(
        startedNow,
        startedNow - endedNow,
        endedNow,
        sink == null ? rest : sink.sent(),
        sink == null ? 0 : rest,
        sink == null ? 0 : sink.spooled(),
        drops,
        healedContexts);
  }
}

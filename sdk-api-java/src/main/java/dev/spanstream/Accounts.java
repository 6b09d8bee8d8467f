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
  private final LongAdder endedRecorded = new LongAdder();

  /** By reason: recorded spans that were lost, and spans that were not recorded and have ended. */
  private final Map<DropReason, LongAdder> lost = counters();

  private final Map<DropReason, LongAdder> endedUnrecorded = counters();

  private static Map<DropReason, LongAdder> counters() {
    Map<DropReason, LongAdder> counters = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      counters.put(reason, new LongAdder());
    }
    return counters;
  }

  void started() {
    started.increment();
  }

  void endedRecorded() {
    endedRecorded.increment();
  }

  /** One step for the end and the drop: there are many of these, and steps cost. */
  @SuppressWarnings("NullAway") // Every reason has its counter.
  void endedUnrecorded(DropReason reason) {
    endedUnrecorded.get(reason).increment();
  }

  @SuppressWarnings("NullAway") // Every reason has its counter.
  void lost(DropReason reason) {
    lost.get(reason).increment();
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
    long unrecorded = 0;
    for (Map.Entry<DropReason, LongAdder> reason : endedUnrecorded.entrySet()) {
      long spans = reason.getValue().sum();
      unrecorded += spans;
      drops.merge(reason.getKey(), spans, Long::sum);
    }
    lost.forEach((reason, spans) -> drops.merge(reason, spans.sum(), Long::sum));
    drops.values().removeIf(spans -> spans == 0);
    long droppedTotal = drops.values().stream().mapToLong(Long::longValue).sum();
    long endedNow = endedRecorded.sum() + unrecorded;
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

package dev.spanstream;

import dev.spanstream.sink.DropReason;
import java.util.Map;

/**
 * The accounts of a tracer, counted in spans since it was made. Whatever happens, {@code started =
 * ended + open} and {@code ended = sent + spooled + buffered + the sum of dropped}. Of a tracer
 * that was never enabled all are zero, but {@code healedContexts}.
 *
 * <pre>{@code
 * tracer.stats().dropped().getOrDefault(DropReason.SAMPLE_RATE, 0L) // how many were not sampled
 * }</pre>
 *
 * @param started spans started, recorded or not
 * @param open started and not yet ended
 * @param ended ended, recorded or not
 * @param sent answered by the receiver with success, or taken by a sink without accounts of its own
 * @param buffered ended and still in memory
 * @param spooled ended and put on disk, until this tracer has sent or dropped them; another process
 *     that shares the directory may have done so without this one's knowledge
 * @param dropped ended and never sent, by reason; unmodifiable; reasons that did not occur are
 *     absent
 * @param healedContexts how often a thread was met, in this process, that still pointed to another
 *     one's trace context though that one was done; the SDK put it right, but something had left it
 *     so
 */
public record TracerStats(
    long started,
    long open,
    long ended,
    long sent,
    long buffered,
    long spooled,
    Map<DropReason, Long> dropped,
    long healedContexts) {

  /** Copies the map. */
  public TracerStats {
    dropped = Map.copyOf(dropped);
  }

  /** How many spans were dropped, for whatever reason: the sum of {@link #dropped()}. */
  public long droppedTotal() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}

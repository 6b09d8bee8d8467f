package dev.spanstream.sink;

import java.util.Map;

/**
 * What became of the spans that a sink accepted, counted in spans since it was made.
 *
 * <p>Accepted spans that appear in none of the numbers are still buffered in memory.
 *
 * @param sent answered by the receiver with success
 * @param spooled on disk, waiting to be sent
 * @param dropped accepted but never sent, by reason, unmodifiable; without those that the tracer
 *     counted itself
 */
public record SinkStats(long sent, long spooled, Map<DropReason, Long> dropped) {
  /** Copies the map. */
  public SinkStats {
    dropped = Map.copyOf(dropped);
  }
}

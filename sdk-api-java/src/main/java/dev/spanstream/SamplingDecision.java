package dev.spanstream;

import dev.spanstream.sink.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tree is recorded, and by whose word.
 *
 * @param reason why not, or null if it is recorded
 * @param rate the rate that decided here, after backpressure; NaN if an incoming decision was
 *     followed, or nothing was decided
 */
record SamplingDecision(@Nullable DropReason reason, double rate) {
  /** An incoming trace was recorded upstream, and so here. */
  static final SamplingDecision INHERITED = new SamplingDecision(null, Double.NaN);

  static final SamplingDecision INHERITED_NOT = drop(DropReason.SAMPLE_RATE);
  static final SamplingDecision IGNORED = drop(DropReason.IGNORED);

  private static SamplingDecision drop(DropReason reason) {
    return new SamplingDecision(reason, Double.NaN);
  }

  boolean isSampled() {
    return reason == null;
  }

  boolean decidedHere() {
    return !Double.isNaN(rate);
  }

  /** Why the spans of a tree are dropped that is not recorded; asked of no other. */
  DropReason dropReason() {
    return reason == null ? DropReason.SAMPLE_RATE : reason;
  }
}

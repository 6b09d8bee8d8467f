package dev.spanstream.benchmarks.sdk;

/** What a tracer does with spans. */
public enum Mode {
  /** Records all of them, with the batcher of the SDK and an exporter that throws them away. */
  SAMPLED,
  /** Has a sample rate of zero. */
  UNSAMPLED,
  /** Is there, but was never configured. */
  DISABLED
}

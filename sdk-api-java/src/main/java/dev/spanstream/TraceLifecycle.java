package dev.spanstream;

/** When spans leave the process (sdk/telemetry/spans, "Trace Lifecycle Option"). */
public enum TraceLifecycle {
  /**
   * Whole transactions, after their end. This SDK does not know them: the tracer is disabled, with
   * one warning.
   */
  STATIC,
  /** Each span, soon after its end: the default. */
  STREAM
}

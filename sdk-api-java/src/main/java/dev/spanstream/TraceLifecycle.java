package dev.spanstream;

/** When spans leave the process (sdk/telemetry/spans, "Enabling"). */
public enum TraceLifecycle {
  /**
   * Whole transactions, after their end. This SDK does not know them: the tracer is disabled, with
   * one warning.
   */
  STATIC,
  /** Each span, soon after its end. */
  STREAM
}

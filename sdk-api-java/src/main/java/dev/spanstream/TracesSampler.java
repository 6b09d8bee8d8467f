package dev.spanstream;

/**
 * Decides which traces are recorded, in place of a rate (sdk/telemetry/spans, "Sampling").
 *
 * <pre>{@code
 * options.setTracesSampler(context ->
 *     context.getSpanContext().getName().startsWith("GET /health") ? 0.0
 *         : context.inheritOrSampleWith(0.2));
 * }</pre>
 */
@FunctionalInterface
public interface TracesSampler {
  /**
   * Returns the share of such traces to record, from 0.0 to 1.0. Called at the start of each
   * service span that no rule ignores, on the thread that starts it; from many at once.
   *
   * <p>Anything else counts as 0.0, with a warning. If it throws, the incoming decision or the rate
   * decides, with a warning (sdk/foundations/client/hooks, "Callback Error Isolation").
   */
  double sample(SamplingContext context);
}

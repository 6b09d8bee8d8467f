package dev.spanstream;

import org.jspecify.annotations.Nullable;

/** What a {@link TracesSampler} may go by. Good for the time of its call. */
public final class SamplingContext {
  private final SpanContext spanContext;
  private final @Nullable Double parentSampleRate;
  private final Scope scope;
  private double inherited = Double.NaN;

  SamplingContext(SpanContext spanContext, @Nullable Double parentSampleRate, Scope scope) {
    this.spanContext = spanContext;
    this.parentSampleRate = parentSampleRate;
    this.scope = scope;
  }

  /** The span that is about to start. */
  public SpanContext getSpanContext() {
    return spanContext;
  }

  /**
   * The rate with which the trace was sampled upstream, from 0.0 to 1.0, or null if it is not
   * known.
   */
  public @Nullable Double getParentSampleRate() {
    return parentSampleRate;
  }

  /**
   * What {@link Scope#setCustomSamplingContext} gave under this key, in the current scope or else
   * in a wider one, or null; for example {@code ktor_call}, which the Ktor plugin sets.
   */
  public @Nullable Object get(@Nullable String key) {
    return scope.customSamplingValue(key);
  }

  /**
   * The rate that follows the decision upstream (its rate if it is known, else 1.0 or 0.0), or
   * {@code fallback} if there was no decision. A sampler that returns it leaves the decision
   * upstream as it is; one that makes another number of it decides anew:
   *
   * <pre>{@code
   * options.setTracesSampler(context -> context.inheritOrSampleWith(0.2)); // whole traces
   * options.setTracesSampler(context -> context.inheritOrSampleWith(0.2) / 2); // torn ones
   * }</pre>
   *
   * @param fallback a rate from 0.0 to 1.0, not checked here
   */
  public double inheritOrSampleWith(double fallback) {
    Boolean sampled = spanContext.getParentSampled();
    if (sampled == null) {
      return fallback;
    }
    inherited = parentSampleRate != null ? parentSampleRate : sampled ? 1.0 : 0.0;
    return inherited;
  }

  /**
   * Whether the sampler's answer is what {@link #inheritOrSampleWith} gave it. Then the decision
   * upstream counts, and not what its rate and its number may say against it.
   */
  boolean isInherited(double answer) {
    return answer == inherited;
  }
}

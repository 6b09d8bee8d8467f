package dev.spanstream;

import org.jspecify.annotations.Nullable;

/** What a {@link TracesSampler} may go by. */
public final class SamplingContext {
  private final SpanContext spanContext;
  private final @Nullable Double parentSampleRate;
  private final Scope scope;

  SamplingContext(SpanContext spanContext, @Nullable Double parentSampleRate, Scope scope) {
    this.spanContext = spanContext;
    this.parentSampleRate = parentSampleRate;
    this.scope = scope;
  }

  /** The span that is about to start. */
  public SpanContext getSpanContext() {
    return spanContext;
  }

  /** The rate with which the trace was sampled upstream, or null if it is not known. */
  public @Nullable Double getParentSampleRate() {
    return parentSampleRate;
  }

  /**
   * What {@link Scope#setCustomSamplingContext} gave under this key, or null; for example {@code
   * ktor_call}, which the Ktor plugin sets.
   */
  public @Nullable Object get(String key) {
    return scope.customSamplingValue(key);
  }

  /**
   * The rate that follows the decision upstream (its rate if it is known, else 1.0 or 0.0), or
   * {@code fallback} if there was no decision.
   */
  public double inheritOrSampleWith(double fallback) {
    Boolean sampled = spanContext.getParentSampled();
    if (sampled == null) {
      return fallback;
    }
    // With the number of the trace, the rate upstream leads to the decision upstream.
    return parentSampleRate != null ? parentSampleRate : sampled ? 1.0 : 0.0;
  }
}

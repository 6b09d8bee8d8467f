package dev.spanstream;

import dev.spanstream.sink.DropReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides, at the start of a service span and once for its whole tree, whether it is recorded. */
final class Sampling {
  private final @Nullable TracesSampler sampler;
  private final @Nullable Double rate;
  private final Log log;

  /** Used again where the next one is the same, as most are. */
  private volatile SamplingDecision last = SamplingDecision.INHERITED_NOT;

  Sampling(TracingOptions options, Log log) {
    this.sampler = options.getTracesSampler();
    this.rate = options.getTracesSampleRate();
    this.log = log;
  }

  /** Whether there is anything to decide: without a rate and a sampler nothing is recorded. */
  boolean isOn() {
    return sampler != null || rate != null;
  }

  boolean hasSampler() {
    return sampler != null;
  }

  /**
   * Decides. The sampler beats the decision upstream, which beats the rate.
   *
   * @param downsampleFactor how often the rate is halved because the pipeline cannot keep up
   */
  SamplingDecision decide(
      PropagationContext trace,
      String name,
      AttributeList attributes,
      TraceContext context,
      int downsampleFactor) {
    double wanted =
        sampler == null ? Double.NaN : ask(sampler, trace, name, attributes, context.scope());
    if (!Double.isNaN(wanted)) {
      return decide(trace, wanted, downsampleFactor);
    }
    Boolean parent = trace.parentSampled();
    if (parent == null) {
      return decide(trace, rate == null ? 0.0 : rate, downsampleFactor);
    }
    if (!parent) {
      return SamplingDecision.INHERITED_NOT;
    }
    SamplingDecision lowered = decide(trace, 1.0, downsampleFactor);
    Double parentRate = parentSampleRate(trace);
    // A rate that lets through more than upstream did is not the one that decided.
    boolean asUpstream = lowered.rate() >= (parentRate == null ? 1.0 : parentRate);
    return lowered.isSampled() && asUpstream ? SamplingDecision.INHERITED : lowered;
  }

  private SamplingDecision decide(PropagationContext trace, double wanted, int downsampleFactor) {
    double effective = Math.scalb(wanted, -downsampleFactor);
    // Where every number would do, none is worked out.
    double rand = wanted > 0 && effective < 1 ? trace.sampleRand() : 0;
    DropReason reason =
        rand < effective ? null : rand < wanted ? DropReason.BACKPRESSURE : DropReason.SAMPLE_RATE;
    SamplingDecision decided = last;
    if (decided.reason() != reason || decided.rate() != effective) {
      last = decided = new SamplingDecision(reason, effective);
    }
    return decided;
  }

  /** The sampler's rate; 0 if it is invalid, NaN if it inherits the decision upstream or threw. */
  private double ask(
      TracesSampler asked,
      PropagationContext trace,
      String name,
      AttributeList attributes,
      Scope scope) {
    try {
      SamplingContext context =
          new SamplingContext(
              new SpanContext(trace, name, attributes), parentSampleRate(trace), scope);
      double answer = asked.sample(context);
      if (context.isInherited(answer)) {
        return Double.NaN;
      }
      if (answer >= 0 && answer <= 1) {
        return answer;
      }
      log.warn(
          "The tracesSampler returned %s for '%s'; a rate is from 0.0 to 1.0. Not sampled.",
          answer, name);
      return 0;
    } catch (Throwable hostile) {
      log.warn("The tracesSampler threw for '%s'; the rate decides instead.", hostile, name);
      return Double.NaN;
    }
  }

  private static @Nullable Double parentSampleRate(PropagationContext trace) {
    Map<String, String> received = trace.received();
    double rate = received == null ? Double.NaN : SampleRand.number(received.get("sample_rate"));
    return rate >= 0 && rate <= 1 ? rate : null;
  }
}

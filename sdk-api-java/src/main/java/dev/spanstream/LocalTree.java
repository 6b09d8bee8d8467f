package dev.spanstream;

import dev.spanstream.sink.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * What a service span and all its descendants share: the trace and the sampling decision. One
 * object a tree, so that a span need not carry it. This one records nothing; see {@link
 * RecordedTree}.
 */
class LocalTree {
  private final Tracer tracer;
  private final PropagationContext trace;
  private final SamplingDecision decision;

  // Set by the constructor's caller before anyone else sees the tree.
  @SuppressWarnings("NullAway.Init")
  private BaseSpan serviceSpan;

  LocalTree(Tracer tracer, PropagationContext trace, SamplingDecision decision) {
    this.tracer = tracer;
    this.trace = trace;
    this.decision = decision;
  }

  final <S extends BaseSpan> S rootedAt(S span) {
    serviceSpan = span;
    return span;
  }

  final Tracer tracer() {
    return tracer;
  }

  final PropagationContext trace() {
    return trace;
  }

  final SamplingDecision decision() {
    return decision;
  }

  final DropReason dropReason() {
    return decision.dropReason();
  }

  final BaseSpan serviceSpan() {
    return serviceSpan;
  }

  /** The name for the sampling context, which must not carry a raw path; null if there is none. */
  @Nullable String transactionName() {
    return null;
  }
}

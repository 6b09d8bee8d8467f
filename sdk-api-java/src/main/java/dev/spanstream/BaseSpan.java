package dev.spanstream;

import org.jspecify.annotations.Nullable;

/** What the context and the tracer need of a span, whether it records or not. */
abstract sealed class BaseSpan implements Span permits RecordingSpan, NoOpSpan {
  /** The tree to which this span belongs, or would if it recorded. */
  final LocalTree tree;

  BaseSpan(LocalTree tree) {
    this.tree = tree;
  }

  /** The span to which children of this one attach, or null if they are not recorded either. */
  abstract @Nullable RecordingSpan recordingParent();

  @Override
  public final Span getServiceSpan() {
    return tree.serviceSpan();
  }

  @Override
  public final boolean isServiceSpan() {
    return tree.serviceSpan() == this;
  }

  @Override
  public final void close() {
    end();
  }
}

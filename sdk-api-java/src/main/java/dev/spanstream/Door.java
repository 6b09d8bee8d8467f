package dev.spanstream;

import dev.spanstream.internal.ContextDoor;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What lies behind the door: nothing but calls of the owners. */
final class Door extends ContextDoor {
  @Override
  public Handle current() {
    return TraceContext.current();
  }

  @Override
  public Handle fork(Handle parent) {
    return context(parent).fork();
  }

  @Override
  public Handle isolated() {
    return TraceContext.isolated();
  }

  @Override
  public Handle install(Handle context) {
    return context(context).install();
  }

  @Override
  public void restore(Handle previous) {
    context(previous).restore();
  }

  @Override
  public void retire(Handle context) {
    context(context).retire();
  }

  @Override
  public void listen(@Nullable Consumer<@Nullable Span> listener) {
    TraceContext.listener(listener);
  }

  @Override
  public boolean hasListener() {
    return TraceContext.hasListener();
  }

  @Override
  public void tellListener() {
    TraceContext.current().tellListener();
  }

  @Override
  public void ownedUntil(Handle context, BooleanSupplier ownerIsDone) {
    context(context).ownedUntil(ownerIsDone);
  }

  @Override
  public void continueTrace(Tracer tracer, Handle context, Map<String, String> headers) {
    tracer.continueTrace(context(context), headers);
  }

  @Override
  public boolean wasGivenTrace(Handle context) {
    return context(context).wasGivenTrace();
  }

  @Override
  public void customSamplingContext(Handle context, Map<String, ?> values) {
    context(context).scope().setCustomSamplingContext(values);
  }

  @Override
  public Span startSpan(
      Tracer tracer, Handle context, String name, Map<String, ?> attributes, boolean active) {
    TraceContext owner = context(context);
    return tracer.start(owner, name, attributes, owner.active(tracer), active, null);
  }

  @Override
  public Span startSpan(
      Tracer tracer,
      Handle context,
      String name,
      Map<String, ?> attributes,
      @Nullable Span parent,
      boolean active) {
    TraceContext owner = context(context);
    BaseSpan accepted = parent == null ? null : tracer.parentOrActive(parent, owner);
    return tracer.start(owner, name, attributes, accepted, active, null);
  }

  @Override
  public Span startIgnoredServiceSpan(Tracer tracer, Handle context, String name) {
    return tracer.startIgnored(context(context), name);
  }

  @Override
  public Span unrecordedSpan(Tracer tracer) {
    return tracer.unrecordedSpan();
  }

  @Override
  public Frame nest(Handle context) {
    return context(context).nest();
  }

  @Override
  public Frame swap(Handle context, Frame frame) {
    return context(context).swap((ActiveSpans) frame);
  }

  @Override
  public @Nullable Span activeSpan(Tracer tracer, Handle context) {
    return context(context).active(tracer);
  }

  @Override
  public Map<String, String> traceHeaders(
      Tracer tracer, Handle context, String url, @Nullable Span span) {
    if (!tracer.targets().matches(url)) {
      return Map.of();
    }
    TraceContext owner = context(context);
    BaseSpan ours = span instanceof RecordingSpan recorded ? recorded : owner.active(tracer);
    return tracer.traceHeaders(owner, ours);
  }

  @Override
  public void end(Handle context, Span span, @Nullable Throwable failure) {
    BaseSpan ending = (BaseSpan) span;
    if (failure != null) {
      SpanErrors.record(ending, failure);
    }
    ending.end();
    context(context).dropEnded();
  }

  @Override
  public void skippedWithoutParent(Tracer tracer) {
    tracer.skippedWithoutParent();
  }

  @Override
  public boolean readsStartAttributes(Tracer tracer) {
    return tracer.readsStartAttributes();
  }

  @Override
  public boolean isOwnReceiver(Tracer tracer, String host, int port) {
    return tracer.targets().isOwnReceiver(host, port);
  }

  @Override
  public boolean sendsDefaultPii(Tracer tracer) {
    return tracer.sendsDefaultPii();
  }

  private static TraceContext context(Handle handle) {
    return (TraceContext) handle;
  }
}

package dev.spanstream.internal;

import dev.spanstream.Span;
import dev.spanstream.Tracer;
import dev.spanstream.Traces;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way from the other modules into the context and the tracer: exactly what coroutines and
 * instrumentations need beyond the public API.
 *
 * <p>For the modules of this project only; may change at any time.
 */
public abstract class ContextDoor {
  /** A trace context. Whoever holds one may use it on one thread at a time. */
  public interface Handle {}

  /** The active spans of code that takes turns with other code of the same context. */
  public interface Frame {}

  private static volatile @Nullable ContextDoor instance;

  /** The door; set by the package that owns what is behind it. */
  public static ContextDoor open() {
    ContextDoor door = instance;
    if (door == null) {
      // Its initialisation calls set.
      Traces.isEnabled();
      door = instance;
    }
    if (door == null) {
      throw new IllegalStateException("dev.spanstream.Traces did not set the door");
    }
    return door;
  }

  /** Called once, by the owner. */
  public static void set(ContextDoor owner) {
    instance = owner;
  }

  /** The context that the calling thread points to. */
  public abstract Handle current();

  /** A context for a child: inherits what is active, shares the isolation scope. */
  public abstract Handle fork(Handle parent);

  /** A context that inherits nothing, in a new trace. */
  public abstract Handle isolated();

  /** Points the calling thread to a context; returns what it pointed to, for {@link #restore}. */
  public abstract Handle install(Handle context);

  /** Points the calling thread back. */
  public abstract void restore(Handle previous);

  /** Says that the owner of a context is done, so that a thread still pointing to it is healed. */
  public abstract void retire(Handle context);

  /**
   * Says who owns a context, by a way to ask whether that one is done: from then on a thread that
   * still points to it is healed. For owners that cannot {@link #retire}.
   *
   * @param ownerIsDone asked on any thread, whenever the context of that thread is; never throws
   */
  public abstract void ownedUntil(Handle context, BooleanSupplier ownerIsDone);

  /**
   * Has somebody told which recorded span is active on a thread, or null, whenever that may have
   * changed, by the thread itself; null ends it. It must not throw.
   */
  public abstract void listen(@Nullable Consumer<@Nullable Span> listener);

  /** Whether somebody listens. */
  public abstract boolean hasListener();

  /** Tells the listener once more what is active on this thread. */
  public abstract void tellListener();

  /** Sets the trace of a context from incoming headers. */
  public abstract void continueTrace(Tracer tracer, Handle context, Map<String, String> headers);

  /**
   * Whether somebody put a trace there, or isolated the context. Otherwise its trace may be left
   * from strangers, if the context is that of a thread.
   */
  public abstract boolean wasGivenTrace(Handle context);

  /** Gives the tracer's sampler something to go by, in this context and what is forked from it. */
  public abstract void customSamplingContext(Handle context, Map<String, ?> values);

  /** Starts a span in a context; its parent is the active one. */
  public abstract Span startSpan(
      Tracer tracer, Handle context, String name, Map<String, ?> attributes, boolean active);

  /** Starts a span in a context under a given parent, or as a service span if that is null. */
  public abstract Span startSpan(
      Tracer tracer,
      Handle context,
      String name,
      Map<String, ?> attributes,
      @Nullable Span parent,
      boolean active);

  /** Starts a service span that is ignored, with all that is under it, as if by a rule. */
  public abstract Span startIgnoredServiceSpan(Tracer tracer, Handle context, String name);

  /** A span that records nothing, to stand for one that was not kept. */
  public abstract Span unrecordedSpan(Tracer tracer);

  /** A frame for code that takes turns with other code of the same context; not yet in force. */
  public abstract Frame nest(Handle context);

  /** Gives the turn to a frame, and returns the one that had it. */
  public abstract Frame swap(Handle context, Frame frame);

  /** The active span of a context, or null. */
  public abstract @Nullable Span activeSpan(Tracer tracer, Handle context);

  /**
   * The headers of a request that is made from this context; empty if the URL is no target.
   *
   * @param span the span of the request itself if it is recorded; otherwise the active one counts
   */
  public abstract Map<String, String> traceHeaders(
      Tracer tracer, Handle context, String url, @Nullable Span span);

  /** Ends a span, with the status and attributes of what it failed with if it did. */
  public abstract void end(Handle context, Span span, @Nullable Throwable failure);

  /** Counts a span that an instrumentation did not start because none was active. */
  public abstract void skippedWithoutParent(Tracer tracer);

  /** Whether a sampler or an ignore rule goes by what a service span starts with. */
  public abstract boolean readsStartAttributes(Tracer tracer);

  /** Whether a URL is on the host to which this tracer sends its own data. */
  public abstract boolean isOwnReceiver(Tracer tracer, String host, int port);

  /** Whether what can identify a person may be collected. */
  public abstract boolean sendsDefaultPii(Tracer tracer);
}

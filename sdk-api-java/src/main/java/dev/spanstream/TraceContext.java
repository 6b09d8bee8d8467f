package dev.spanstream;

import dev.spanstream.internal.ContextDoor;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// One long file because it is one state: whoever changes a part of it must know the others.

/**
 * Where "now" lives: the active spans, the current scope with its isolation scope, and the trace.
 *
 * <p>Exactly one thread or one coroutine owns a context at a time, so it needs no locks. A thread
 * points to its owner's: its own, unless a coroutine or a wrapped task has put its context there. A
 * thread that still points to a context whose owner is done was left so by a framework that forgot
 * to restore it, or goes on with other work on top of that owner's stack: then the thread's own
 * context counts instead.
 *
 * <p>While the owner is not done, such a thread cannot be told from one that is right. In {@code
 * withContext(otherDispatcher)} the coroutine's context is put on a second thread, and if that is
 * done before the first one has suspended, the first goes on without a new update. So a context
 * cannot know "its" thread. Instead, whatever a foreign thread may do to one is free of exceptions.
 */
class TraceContext implements ContextDoor.Handle {
  /** What a thread points to. */
  private static final class Pointer {
    final Thread thread = Thread.currentThread();
    final TraceContext own = new OfThread();
    volatile TraceContext installed = own;
  }

  /** What a thread has when nobody has put anything there. */
  private static final class OfThread extends TraceContext {
    OfThread() {
      super(null, Scope.process(), null);
    }
  }

  private static final ThreadLocal<Pointer> POINTER = ThreadLocal.withInitial(Pointer::new);
  private static final int MAX_ISOLATIONS = 256;
  private static final LongAdder HEALED = new LongAdder();

  /** The threads on which contexts were put since somebody asked to watch. */
  private static final Set<Pointer> WATCHED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private static volatile boolean watched;

  /** Is told what is recorded and active on a thread, by that thread, whenever that may differ. */
  private static volatile @Nullable Consumer<@Nullable Span> listener;

  /** The trace that this process was started in, for whatever nobody isolated. */
  private static volatile @Nullable PropagationContext processTrace;

  /** The active span, as long as there never were two: most contexts of requests need no stack. */
  private @Nullable BaseSpan only;

  private @Nullable ActiveSpans spans;

  /** Both are made when somebody wants them: most requests that are not sampled never do. */
  private @Nullable Scope isolationScope;

  private @Nullable Scope scope;

  private @Nullable PropagationContext trace;
  private @Nullable Isolation isolation;

  /** Tells whether the owner is done; null if it is not, or nobody can tell. */
  private volatile @Nullable BooleanSupplier done;

  private TraceContext(
      @Nullable ActiveSpans spans, @Nullable Scope isolationScope, @Nullable Scope scope) {
    this.spans = spans;
    this.isolationScope = isolationScope;
    this.scope = scope;
  }

  /** The context of the caller. */
  static TraceContext current() {
    Pointer pointer = POINTER.get();
    TraceContext context = pointer.installed;
    BooleanSupplier done = context.done;
    if (done != null && done.getAsBoolean()) {
      HEALED.increment();
      context = pointer.own;
      context.restore();
    }
    return context;
  }

  /** How often a pointer that was left behind was met, in this process. */
  static long healed() {
    return HEALED.sum();
  }

  /** From now on remembers the threads for {@link #leftOnThreads}; for tests. */
  static void watchThreads() {
    watched = true;
  }

  /** The contexts of others that threads point to now. */
  static Map<Thread, TraceContext> leftOnThreads() {
    Map<Thread, TraceContext> left = new HashMap<>();
    synchronized (WATCHED) {
      for (Pointer pointer : WATCHED) {
        TraceContext installed = pointer.installed;
        if (installed != pointer.own && pointer.thread.isAlive()) {
          left.put(pointer.thread, installed);
        }
      }
    }
    return left;
  }

  /** Points this thread to the context and returns what it pointed to before. */
  TraceContext install() {
    Pointer pointer = POINTER.get();
    TraceContext previous = pointer.installed;
    pointer.installed = this;
    if (watched) {
      WATCHED.add(pointer);
    }
    tellListener();
    return previous;
  }

  /**
   * Points this thread back to what {@link #install} returned. On another thread, as {@code flowOn}
   * does it in coroutines 1.11, this may be the context that the first one has when it is idle.
   */
  void restore() {
    Pointer pointer = POINTER.get();
    TraceContext restored = this instanceof OfThread ? pointer.own : this;
    pointer.installed = restored;
    restored.tellListener();
  }

  static void listener(@Nullable Consumer<@Nullable Span> told) {
    listener = told;
  }

  static boolean hasListener() {
    return listener != null;
  }

  /** Tells it what is active here, if this is the context of the caller's thread. */
  void tellListener() {
    Consumer<@Nullable Span> told = listener;
    if (told != null && POINTER.get().installed == this) {
      BaseSpan active = active();
      told.accept(active == null ? null : active.recordingParent());
    }
  }

  /** Says who owns this, by a way to ask whether that one is done; never throws. */
  void ownedUntil(BooleanSupplier ownerIsDone) {
    done = ownerIsDone;
  }

  /**
   * Says that the owner is done, on the thread that calls; any other that still points here was
   * forgotten. This one may go on for a while before it is restored: Ktor's pipeline does.
   */
  void retire() {
    done = () -> true;
    Pointer pointer = POINTER.get();
    if (pointer.installed == this) {
      pointer.own.restore();
    }
  }

  /** A context for a child: it starts with what is active here, and shares the isolation scope. */
  TraceContext fork() {
    Scope own = scope;
    Scope forked = own == null ? null : own.fork();
    TraceContext child = new TraceContext(nest(), isolationScope(), forked);
    child.trace = trace();
    return child;
  }

  /** A context that inherits nothing but the process's attributes, in a new trace. */
  static TraceContext isolated() {
    return new TraceContext(null, null, null);
  }

  /** Starts afresh within this context, until the isolation is closed. */
  Isolation isolate() {
    Isolation outer = isolation;
    // Nobody nests so many: they were opened and never closed.
    boolean tooMany = outer != null && outer.depth() >= MAX_ISOLATIONS;
    Isolation opened = new Isolation(this, tooMany ? null : outer, scope(), trace, stack());
    isolation = opened;
    isolationScope = null;
    scope = null;
    trace = null;
    spans = null;
    only = null;
    tellListener();
    return opened;
  }

  /** Ends an isolation and all those opened within it; one that has ended already is ignored. */
  void close(Isolation closed) {
    for (Isolation open = isolation; open != null; open = open.outer()) {
      if (open == closed) {
        isolation = closed.outer();
        scope = closed.scope();
        isolationScope = closed.scope().wider();
        trace = closed.trace();
        spans = closed.spans();
        only = null;
        tellListener();
        return;
      }
    }
  }

  static void processTrace(@Nullable PropagationContext started) {
    processTrace = started;
  }

  Scope scope() {
    Scope present = scope;
    if (present == null) {
      scope = present = isolationScope().narrower();
    }
    return present;
  }

  Scope isolationScope() {
    Scope present = isolationScope;
    if (present == null) {
      isolationScope = present = Scope.process().fork();
    }
    return present;
  }

  /** The trace in which service spans start; begins one if there is none. */
  PropagationContext trace() {
    PropagationContext present = trace;
    if (present == null) {
      present = isolationScope == Scope.process() ? processTrace : null;
      trace = present = present == null ? PropagationContext.improvise() : present;
    }
    return present;
  }

  void trace(PropagationContext newTrace) {
    trace = newTrace;
  }

  /** Whether the trace, whatever it is, is here by somebody's will. */
  boolean wasGivenTrace() {
    PropagationContext present = trace;
    return (present != null && present.isWanted())
        || processTrace != null
        || isolationScope != Scope.process();
  }

  /** The active span of this tracer, or of any if that is null; null if there is none. */
  @Nullable BaseSpan active(@Nullable Tracer tracer) {
    ActiveSpans several = spans;
    if (several != null) {
      return several.active(tracer);
    }
    BaseSpan one = only;
    if (one == null || one.hasEnded() || (tracer != null && one.tree.tracer() != tracer)) {
      return null;
    }
    return one;
  }

  /** The active span of any tracer, or null. */
  @Nullable BaseSpan active() {
    return active(null);
  }

  void push(BaseSpan span) {
    dropEndedQuietly();
    if (spans == null && only == null) {
      only = span;
    } else {
      stack().push(span);
    }
    tellListener();
  }

  private ActiveSpans stack() {
    ActiveSpans several = spans;
    if (several == null) {
      several = new ActiveSpans();
      BaseSpan one = only;
      if (one != null) {
        several.push(one);
      }
      spans = several;
      only = null;
    }
    return several;
  }

  /** What a frame within this context starts with. */
  ActiveSpans nest() {
    ActiveSpans several = spans;
    return several == null ? ActiveSpans.inheriting(active()) : several.fork();
  }

  /** Exchanges the active spans and returns what they were. */
  ActiveSpans swap(ActiveSpans others) {
    ActiveSpans previous = stack();
    spans = others;
    tellListener();
    return previous;
  }

  /** Forgets what has ended on top. */
  void dropEnded() {
    dropEndedQuietly();
    tellListener();
  }

  private void dropEndedQuietly() {
    ActiveSpans several = spans;
    BaseSpan one = only;
    if (several != null) {
      several.forgetEnded();
    } else if (one != null && one.hasEnded()) {
      only = null;
    }
  }

  /** How many spans are held, some of them perhaps ended. */
  int depth() {
    ActiveSpans several = spans;
    return several != null ? several.depth() : only != null ? 1 : 0;
  }
}

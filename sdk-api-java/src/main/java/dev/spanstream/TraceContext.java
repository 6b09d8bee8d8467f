package dev.spanstream;

import dev.spanstream.internal.ContextDoor;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Where "now" lives: the active spans, the current scope with its isolation scope, and the trace.
 *
 * <p>Exactly one thread or one coroutine owns a context at a time, so it needs no locks. A thread
 * points to its owner's: its own, unless a coroutine or a wrapped task has put its context there. A
 * context knows the thread that it was last put on; a pointer that is met on another thread was
 * left behind, and that thread's own context counts instead.
 */
final class TraceContext implements ContextDoor.Handle {
  /** What a thread points to. */
  private static final class Pointer {
    final Thread thread = Thread.currentThread();
    final TraceContext own = new TraceContext(Scope.process().narrower(), thread);
    TraceContext installed = own;
  }

  private static final ThreadLocal<Pointer> POINTER = ThreadLocal.withInitial(Pointer::new);
  private static final LongAdder HEALED = new LongAdder();
  private static final BaseSpan[] NOTHING = {};

  /** The trace that this process was started in, for whatever nobody isolated. */
  private static volatile @Nullable PropagationContext processTrace;

  /** Below {@code floor} what was active where this was forked, above it what was started here. */
  private @Nullable BaseSpan[] stack = NOTHING;

  private int floor;
  private int size;

  private Scope scope;
  private @Nullable PropagationContext trace;
  private @Nullable Isolation isolation;

  private volatile @Nullable Thread installedOn;

  private TraceContext(Scope scope, @Nullable Thread installedOn) {
    this.scope = scope;
    this.installedOn = installedOn;
  }

  /** The context of the caller. */
  static TraceContext current() {
    Pointer pointer = POINTER.get();
    TraceContext context = pointer.installed;
    if (context.installedOn != pointer.thread) {
      HEALED.increment();
      context = pointer.installed = pointer.own;
    }
    return context;
  }

  /** How often a pointer that was left behind was met, in this process. */
  static long healed() {
    return HEALED.sum();
  }

  /** Points this thread to the context and returns what it pointed to before. */
  TraceContext install() {
    Pointer pointer = POINTER.get();
    TraceContext previous = pointer.installed;
    installedOn = pointer.thread;
    pointer.installed = this;
    return previous;
  }

  /** Points this thread back to what {@link #install} returned. */
  void restore() {
    POINTER.get().installed = this;
  }

  /** A context for a child: it starts with what is active here, and shares the isolation scope. */
  TraceContext fork() {
    TraceContext child = new TraceContext(scope.fork(), null);
    child.trace = trace();
    // One of each tracer, the innermost on top as here.
    for (int i = 0; i < size; i++) {
      if (at(i) == active(at(i).tree.tracer())) {
        child.push(at(i));
        child.floor = child.size;
      }
    }
    return child;
  }

  /** A context that inherits nothing but the process's attributes, in a new trace. */
  static TraceContext isolated() {
    return new TraceContext(Scope.process().fork().narrower(), null);
  }

  /** Starts afresh within this context, until the isolation is closed. */
  Isolation isolate() {
    Isolation opened = new Isolation(this, isolation, scope, trace, stack, floor, size);
    isolation = opened;
    scope = Scope.process().fork().narrower();
    trace = null;
    stack = NOTHING;
    floor = 0;
    size = 0;
    return opened;
  }

  /** Ends an isolation and all those opened within it; one that has ended already is ignored. */
  void close(Isolation closed) {
    for (Isolation open = isolation; open != null; open = open.outer()) {
      if (open == closed) {
        isolation = closed.outer();
        scope = closed.scope();
        trace = closed.trace();
        stack = closed.stack();
        floor = closed.floor();
        size = closed.size();
        return;
      }
    }
  }

  static void processTrace(@Nullable PropagationContext started) {
    processTrace = started;
  }

  Scope scope() {
    return scope;
  }

  Scope isolationScope() {
    return scope.wider();
  }

  /** The trace in which service spans start; begins one if there is none. */
  PropagationContext trace() {
    PropagationContext present = trace;
    if (present == null) {
      present = isolationScope() == Scope.process() ? processTrace : null;
      trace = present = present == null ? PropagationContext.begin() : present;
    }
    return present;
  }

  void trace(PropagationContext newTrace) {
    trace = newTrace;
  }

  /** The active span of this tracer, or null. */
  @Nullable BaseSpan active(Tracer tracer) {
    dropEnded();
    for (int i = size - 1; i >= 0; i--) {
      if (at(i).tree.tracer() == tracer && isActive(i)) {
        return at(i);
      }
    }
    return null;
  }

  /** The active span of any tracer, or null. */
  @Nullable BaseSpan active() {
    dropEnded();
    for (int i = size - 1; i >= 0; i--) {
      if (isActive(i)) {
        return at(i);
      }
    }
    return null;
  }

  void push(BaseSpan span) {
    dropEnded();
    if (size == stack.length) {
      makeRoom();
    }
    stack[size++] = span;
  }

  /** How many spans are held, some of them perhaps ended. */
  int depth() {
    return size;
  }

  /** Forgets what has ended on top. Ended spans further down are skipped until then. */
  void dropEnded() {
    while (size > floor && at(size - 1).hasEnded()) {
      stack[--size] = null;
    }
  }

  /** Forgets all that has ended, or spans that overlap without end would pile up; else grows. */
  private void makeRoom() {
    int kept = floor;
    for (int i = floor; i < size; i++) {
      if (!at(i).hasEnded()) {
        stack[kept++] = stack[i];
      }
    }
    Arrays.fill(stack, kept, size, null);
    size = kept;
    if (size >= stack.length / 2) {
      stack = Arrays.copyOf(stack, Math.max(4, size * 2));
    }
  }

  /** What was inherited stays the parent even after its end; what was started here does not. */
  private boolean isActive(int index) {
    return index < floor || !at(index).hasEnded();
  }

  @SuppressWarnings("NullAway") // Below the size nothing is null.
  private BaseSpan at(int index) {
    return stack[index];
  }
}

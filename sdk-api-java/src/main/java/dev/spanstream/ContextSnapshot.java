package dev.spanstream;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was active at one moment. Each run of a wrapped task gets a context of its own from it. */
final class ContextSnapshot {
  private final TraceContext taken;

  private ContextSnapshot(TraceContext taken) {
    this.taken = taken;
  }

  static ContextSnapshot take() {
    return new ContextSnapshot(TraceContext.current().fork());
  }

  Runnable wrap(Runnable task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      TraceContext context = taken.fork();
      TraceContext previous = context.install();
      try {
        task.run();
      } finally {
        previous.restore();
        context.retire();
      }
    };
  }

  <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      TraceContext context = taken.fork();
      TraceContext previous = context.install();
      try {
        return task.call();
      } finally {
        previous.restore();
        context.retire();
      }
    };
  }

  <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      TraceContext context = taken.fork();
      TraceContext previous = context.install();
      try {
        return task.get();
      } finally {
        previous.restore();
        context.retire();
      }
    };
  }
}

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

  /** One run of a task, from when its context is put on the thread until it is taken off. */
  private final class Run {
    private final TraceContext context = taken.fork();
    private final TraceContext previous = context.install();

    void end() {
      previous.restore();
      context.retire();
    }
  }

  static ContextSnapshot take() {
    return new ContextSnapshot(TraceContext.current().fork());
  }

  Runnable wrap(Runnable task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      Run run = new Run();
      try {
        task.run();
      } finally {
        run.end();
      }
    };
  }

  <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      Run run = new Run();
      try {
        return task.call();
      } finally {
        run.end();
      }
    };
  }

  <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      Run run = new Run();
      try {
        return task.get();
      } finally {
        run.end();
      }
    };
  }
}

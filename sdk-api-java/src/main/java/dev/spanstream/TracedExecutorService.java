package dev.spanstream;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Wraps each task where it is handed in, and leaves everything else to the executor. */
class TracedExecutorService implements ExecutorService {
  private final ExecutorService executor;

  TracedExecutorService(ExecutorService executor) {
    this.executor = requireNonNull(executor, "executor");
  }

  private static <T extends @Nullable Object> List<Callable<T>> wrapAll(
      Collection<? extends Callable<T>> tasks) {
    ContextSnapshot snapshot = ContextSnapshot.take();
    return tasks.stream().map(task -> snapshot.wrap(requireNonNull(task))).toList();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(Traces.wrap(requireNonNull(task)));
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    return executor.submit(Traces.wrap(requireNonNull(task)));
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    return executor.submit(Traces.wrap(requireNonNull(task)), result);
  }

  @Override
  public Future<?> submit(Runnable task) {
    return executor.submit(Traces.wrap(requireNonNull(task)));
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return executor.invokeAll(wrapAll(tasks));
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return executor.invokeAll(wrapAll(tasks), timeout, unit);
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return executor.invokeAny(wrapAll(tasks));
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return executor.invokeAny(wrapAll(tasks), timeout, unit);
  }

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}

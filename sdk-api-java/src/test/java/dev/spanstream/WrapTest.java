package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

// One long file because every way to wrap a task is held to the same cases.

/** What is wrapped runs under what was active, and disturbs nobody. */
class WrapTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private final ScheduledExecutorService plain = Executors.newScheduledThreadPool(2);
  private final ExecutorService wrapped = Traces.wrap((ExecutorService) plain);
  private final ScheduledExecutorService scheduled = Traces.wrap(plain);

  @AfterEach
  void stop() {
    plain.shutdownNow();
  }

  private interface Way {
    void run(WrapTest test, Runnable task) throws Exception;
  }

  private static Arguments way(String name, Way way) {
    return Arguments.argumentSet(name, way);
  }

  private static Callable<String> callable(Runnable task) {
    return () -> {
      task.run();
      return "result";
    };
  }

  private static void done(Future<?> future) throws Exception {
    future.get(30, TimeUnit.SECONDS);
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        way("Runnable", (t, task) -> done(t.plain.submit(Traces.wrap(task)))),
        way(
            "Callable",
            (t, task) ->
                assertThat(t.plain.submit(Traces.wrap(callable(task))).get()).isEqualTo("result")),
        way(
            "Supplier",
            (t, task) ->
                done(
                    CompletableFuture.supplyAsync(
                        Traces.wrapSupplier(
                            () -> {
                              task.run();
                              return 1;
                            }),
                        t.plain))),
        way(
            "Executor",
            (t, task) ->
                done(
                    CompletableFuture.runAsync(
                        task, Traces.wrap((java.util.concurrent.Executor) t.plain)))),
        way("execute", (t, task) -> done(CompletableFuture.runAsync(task, t.wrapped))),
        way("submit runnable", (t, task) -> done(t.wrapped.submit(task))),
        way(
            "submit with result",
            (t, task) -> assertThat(t.wrapped.submit(task, "r").get()).isEqualTo("r")),
        way("submit callable", (t, task) -> done(t.wrapped.submit(callable(task)))),
        way("invokeAll", (t, task) -> done(t.wrapped.invokeAll(List.of(callable(task))).get(0))),
        way(
            "invokeAll in time",
            (t, task) ->
                done(t.wrapped.invokeAll(List.of(callable(task)), 30, TimeUnit.SECONDS).get(0))),
        way(
            "invokeAny",
            (t, task) ->
                assertThat(t.wrapped.invokeAny(List.of(callable(task)))).isEqualTo("result")),
        way(
            "invokeAny in time",
            (t, task) ->
                assertThat(t.wrapped.invokeAny(List.of(callable(task)), 30, TimeUnit.SECONDS))
                    .isEqualTo("result")),
        way("schedule", (t, task) -> done(t.scheduled.schedule(task, 0, TimeUnit.SECONDS))),
        way(
            "schedule callable",
            (t, task) -> done(t.scheduled.schedule(callable(task), 0, TimeUnit.SECONDS))),
        way(
            "at fixed rate",
            (t, task) ->
                once(task, run -> t.scheduled.scheduleAtFixedRate(run, 0, 1, TimeUnit.HOURS))),
        way(
            "with fixed delay",
            (t, task) ->
                once(task, run -> t.scheduled.scheduleWithFixedDelay(run, 0, 1, TimeUnit.HOURS))));
  }

  private static void once(
      Runnable task, java.util.function.Function<Runnable, ScheduledFuture<?>> schedule)
      throws Exception {
    CompletableFuture<Void> ran = new CompletableFuture<>();
    ScheduledFuture<?> periodic =
        schedule.apply(
            () -> {
              task.run();
              ran.complete(null);
            });
    done(ran);
    periodic.cancel(false);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theTaskRunsUnderWhatWasActiveWhereItWasHandedIn(Way way) throws Exception {
    Tracer tracer = test.recording();
    try (Isolation isolation = Traces.isolate()) {
      Traces.setAttribute("request", 7);
      Span parent = tracer.startSpan("parent");
      Runnable task = () -> tracer.startSpan("task").end();
      way.run(this, task);
      parent.end();
    }
    assertThat(test.sink.tree()).isEqualTo("parent\n  task\n");
    assertThat(test.sent("task")).containsEntry("request", 7L);
  }

  @Test
  void whatATaskLeavesActiveReachesNeitherItsThreadNorAnotherRun() throws Exception {
    test.lenient();
    Tracer tracer = test.recording();
    List<Span> left = new ArrayList<>();
    Span parent = tracer.startSpan("parent");
    Runnable task =
        Traces.wrap(
            () -> {
              assertThat(tracer.currentSpan()).isSameAs(parent);
              left.add(tracer.startSpan("left open"));
              Traces.currentScope().setAttribute("task", 1);
            });
    task.run();
    assertThat(tracer.currentSpan()).isSameAs(parent);
    task.run();
    done(plain.submit(task));
    assertThat(left).extracting(Span::getParentSpanId).containsOnly(parent.getSpanId());
    left.forEach(Span::end);
    parent.end();
    assertThat(test.sent("parent")).doesNotContainKey("task");
  }

  @Test
  void aTaskSeesItsParentEvenAfterItEnded() {
    Tracer tracer = test.recording();
    Span parent = tracer.startSpan("parent");
    Runnable task = Traces.wrap(() -> tracer.startSpan("late").end());
    parent.end();
    task.run();
    assertThat(test.sink.tree()).isEqualTo("parent\n  late\n");
    assertThat(tracer.currentSpan()).isNull();
  }

  @Test
  void aTaskOfATaskSeesItsOwnParent() {
    Tracer tracer = test.recording();
    Span outer = tracer.startSpan("outer");
    Traces.wrap(
            () -> {
              Span inner = tracer.startSpan("inner");
              Runnable nested = Traces.wrap(() -> tracer.startSpan("nested").end());
              inner.end();
              nested.run();
            })
        .run();
    outer.end();
    assertThat(test.sink.tree()).isEqualTo("outer\n  inner\n    nested\n");
  }

  @Test
  void theSpansOfAllTracersAreInheritedInnermostOnTop() {
    Tracer one = test.recording();
    Tracer two = test.recording();
    try (Span a = one.startSpan("a");
        Span b = two.startSpan("b")) {
      Traces.wrap(
              () -> {
                assertThat(one.currentSpan()).isSameAs(a);
                assertThat(two.currentSpan()).isSameAs(b);
                assertThat(Traces.currentScope().getSpan()).isSameAs(b);
              })
          .run();
    }
  }

  @Test
  void aTaskWithoutASpanSharesTheTrace() {
    Tracer tracer = test.recording();
    Runnable task = Traces.wrap(() -> tracer.startSpan("task").end());
    task.run();
    try (Span here = tracer.startSpan("here")) {
      assertThat(test.only("task").getTraceId()).isEqualTo(here.getTraceId());
    }
  }

  @Test
  void exceptionsPassAndTheThreadIsPutBack() {
    Tracer tracer = test.recording();
    try (Span parent = tracer.startSpan("parent")) {
      Runnable failing =
          Traces.wrap(
              (Runnable)
                  () -> {
                    throw new IllegalStateException("x");
                  });
      assertThatThrownBy(failing::run).isInstanceOf(IllegalStateException.class);
      assertThat(tracer.currentSpan()).isSameAs(parent);
      assertThatThrownBy(
              () ->
                  wrapped.invokeAny(
                      List.of(
                          () -> {
                            throw new IllegalStateException("x");
                          })))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void nullsAreRefusedWhereAnExecutorRefusesThem() {
    assertThatThrownBy(() -> wrapped.execute(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> wrapped.submit((Runnable) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> wrapped.invokeAll(Arrays.asList((Callable<String>) null)))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> wrapped.invokeAny(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> wrapped.invokeAny(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Traces.wrap((java.util.concurrent.Executor) plain).execute(null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void theLifeOfTheExecutorIsLeftToIt() throws Exception {
    assertThat(wrapped.isShutdown()).isFalse();
    assertThat(wrapped.isTerminated()).isFalse();
    wrapped.shutdown();
    assertThat(plain.isShutdown()).isTrue();
    assertThat(wrapped.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(wrapped.isTerminated()).isTrue();
    assertThat(wrapped.shutdownNow()).isEmpty();
    assertThatThrownBy(() -> wrapped.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}

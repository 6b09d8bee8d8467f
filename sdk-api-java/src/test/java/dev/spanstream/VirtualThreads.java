package dev.spanstream;

import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.InMemorySpanSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs many virtual threads under one span, for a JVM that has them. The name of each span is that
 * of its parent and a part of its own, so that any mix-up shows.
 */
final class VirtualThreads {
  private static final int THREADS = 10_000;
  private static final int BATCH = 2_000;

  private final InMemorySpanSink sink = new InMemorySpanSink();
  private final StrictMode strict = new StrictMode();
  private final Tracer tracer =
      Tracer.create(
          options -> {
            options.setSink(sink);
            options.setTracesSampleRate(1.0);
            options.setStrictMode(strict);
          });

  private VirtualThreads() {}

  /** Prints what is wrong, and ends with 1 if anything is. */
  public static void main(String[] arguments) throws Exception {
    List<String> problems = run();
    problems.forEach(System.out::println);
    System.exit(problems.isEmpty() ? 0 : 1);
  }

  /** Returns what is wrong. */
  static List<String> run() throws Exception {
    return new VirtualThreads().problems();
  }

  private List<String> problems() throws Exception {
    List<String> problems = new ArrayList<>();
    // Compiled for 17, which does not know them.
    var executors = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
    ExecutorService plain = (ExecutorService) executors.invoke(null);
    ExecutorService wrapped = Traces.wrap(plain);
    try (Span root = tracer.startSpan("root")) {
      if (plain.submit(tracer::currentSpan).get() != null) {
        problems.add("a virtual thread inherits what nobody handed to it");
      }
      for (int from = 0; from < THREADS; from += BATCH) {
        List<Future<?>> batch = new ArrayList<>();
        for (int number = from; number < from + BATCH; number++) {
          int of = number;
          batch.add(wrapped.submit(() -> work(of)));
        }
        await(batch);
      }
      if (tracer.currentSpan() != root) {
        problems.add("the parent is not active any more");
      }
    }
    plain.shutdown();
    strict.verify();
    check(problems);
    return problems;
  }

  private void work(int number) {
    try (Span span = tracer.startSpan("root/" + number)) {
      hop(number);
      tracer.run(
          "root/" + number + "/inner",
          inner -> {
            hop(number);
            tracer.startSpan("root/" + number + "/inner/leaf").end();
          });
      hop(number);
      if (number % 10 == 3) {
        throw new IllegalStateException("fails on purpose");
      }
    }
  }

  /** Gives up the carrier, and goes on by whichever is free. */
  private static void hop(int number) {
    if (number % 2 == 0) {
      LockSupport.parkNanos(1_000);
    } else {
      Thread.yield();
    }
  }

  private static void await(List<Future<?>> tasks) throws InterruptedException {
    for (Future<?> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException onPurpose) {
        // One in ten.
      }
    }
  }

  private void check(List<String> problems) {
    Map<String, String> names = new HashMap<>();
    for (FinishedSpan span : sink.spans()) {
      names.put(span.getSpanId(), span.getName());
    }
    for (FinishedSpan span : sink.spans()) {
      String parent = names.getOrDefault(String.valueOf(span.getParentSpanId()), "");
      String name = span.getName();
      if (!parent.equals(name.substring(0, Math.max(0, name.lastIndexOf('/'))))) {
        problems.add(name + " is a child of " + parent);
      }
    }
    if (sink.spans().size() != 1 + 3 * THREADS) {
      problems.add(sink.spans().size() + " spans arrived");
    }
    if (tracer.stats().open() != 0) {
      problems.add(tracer.stats().open() + " spans are open");
    }
  }
}

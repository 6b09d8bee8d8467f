package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.FinishedSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

// One long file because its races share the threads and the way to line them up.

/** Races, each with the interleaving that it hunts. {@code -Dstress=10} loops ten times as long. */
class ConcurrencyTest {
  private static final int ROUNDS = 2_000 * Integer.getInteger("stress", 1);
  private static final int THREADS = 3;
  private static final long SPANS = 500;

  @RegisterExtension final TestTracer test = new TestTracer();

  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
  private final CyclicBarrier barrier = new CyclicBarrier(THREADS);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  private interface Body {
    void run(int thread) throws Exception;
  }

  /** Runs the body on all threads at once. */
  private void together(Body body) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      all.add(
          pool.submit(
              () -> {
                barrier.await();
                body.run(thread);
                return null;
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
  }

  /*
   * T1 and T2 end one span:   T1 reads OPEN,  T2 reads OPEN,  T1 ends and delivers,
   *                           T2 ends and delivers again, with another time.
   */
  @Test
  void ofConcurrentEndsOneWinsAndTheSpanIsDeliveredOnce() throws Exception {
    Tracer tracer = test.recording();
    for (int round = 0; round < ROUNDS / 20; round++) {
      List<Span> spans = open(tracer);
      together(
          thread -> {
            for (Span span : spans) {
              span.end(span.getStartTimestamp().plusMillis(thread));
            }
          });
      Map<String, FinishedSpan> delivered = new HashMap<>();
      for (FinishedSpan span : test.sink.spans()) {
        assertThat(delivered.put(span.getSpanId(), span)).as("delivered twice").isNull();
      }
      for (Span span : spans) {
        assertThat(delivered.get(span.getSpanId()).getEndTimestamp())
            .isEqualTo(span.getEndTimestamp());
      }
      test.sink.clear();
    }
    assertThat(tracer.stats().ended()).isEqualTo(ROUNDS / 20 * SPANS);
  }

  /** So many that threads which walk over them meet, not only at the first one. */
  private static List<Span> open(Tracer tracer) {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < SPANS; i++) {
      spans.add(tracer.spanBuilder("s").setActive(false).startSpan());
    }
    return spans;
  }

  /*
   * The same for a span that is not recorded: both ends would count it as dropped.
   */
  @Test
  void ofConcurrentEndsOfAnUnsampledSpanOneIsCounted() throws Exception {
    Tracer tracer = test.unsampled();
    for (int round = 0; round < ROUNDS / 20; round++) {
      List<Span> spans = open(tracer);
      together(thread -> spans.forEach(Span::end));
    }
    assertThat(tracer.stats().dropped())
        .isEqualTo(Map.of(DropReason.SAMPLE_RATE, ROUNDS / 20 * SPANS));
  }

  /*
   * T1 writes, T2 ends:   T1 sees OPEN,  T2 ends and the sink reads the attributes,
   *                       T1 puts its value: what was sent is not what is there now.
   * Or torn:              T1 has put a key but not its value when the sink reads it.
   */
  @Test
  void anAttributeWriteIsWhollyBeforeTheEndOrIgnored() throws Exception {
    List<Map<String, Object>> seenByTheSink = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setSink(
                    span -> {
                      synchronized (seenByTheSink) {
                        seenByTheSink.add(span.getSentAttributes());
                      }
                    }));
    for (int round = 0; round < ROUNDS; round++) {
      Span span = tracer.spanBuilder("s").setActive(false).startSpan();
      together(
          thread -> {
            if (thread == 0) {
              span.end();
            } else {
              for (int i = 0; i < 20; i++) {
                span.setAttribute("t" + thread + "." + i, i).setAttributes(Map.of("a", i, "b", i));
                span.removeAttribute("t" + thread + "." + (i - 5)).setName("n" + i);
              }
            }
          });
      Map<String, Object> sent = seenByTheSink.remove(0);
      assertThat(sent).containsAllEntriesOf(span.getAttributes()).doesNotContainValue(null);
      assertThat(sent.get("a")).as("a map is written as a whole").isEqualTo(sent.get("b"));
    }
  }

  /*
   * T1 and T2 add to one scope:   T1 copies the attributes,  T2 copies them,  T1 puts its copy,
   *                               T2 puts its own: what T1 added is lost.
   */
  @Test
  void noScopeWriteOfAChildIsLostAndReadersSeeWholeMaps() throws Exception {
    Tracer tracer = test.recording();
    try (Isolation isolation = Traces.isolate()) {
      Scope shared = Traces.isolationScope();
      for (int round = 0; round < ROUNDS / 20; round++) {
        shared.clear();
        together(
            thread -> {
              for (int i = 0; i < 20; i++) {
                shared.setAttribute("t" + thread + "." + i, i);
                shared.setAttributes(Map.of("a", i, "b", i)).setUser(User.ofId("u" + i));
                tracer.startSpan("reader").end();
              }
            });
        tracer.startSpan("after").end();
        assertThat(test.sent("after")).containsKeys("t0.0", "t0.19", "t1.0", "t1.19", "t2.19");
        test.sink.clear();
      }
      AtomicBoolean writing = new AtomicBoolean(true);
      Runnable child =
          Traces.wrap(
              () -> {
                do {
                  tracer.startSpan("child").end();
                } while (writing.get());
              });
      Future<?> reading = pool.submit(child);
      for (int i = 0; i < ROUNDS; i++) {
        shared.setAttributes(Map.of("a", i, "b", i));
      }
      writing.set(false);
      reading.get();
      assertThat(test.sink.named("child"))
          .isNotEmpty()
          .allSatisfy(
              span ->
                  assertThat(span.getSentAttributes().get("a"))
                      .isEqualTo(span.getSentAttributes().get("b")));
    }
  }

  /*
   * T1 counts while T2 reads:   T2 reads ended,  T1 ends and drops,  T2 reads dropped:
   *                             more dropped than ended, so buffered is negative.
   */
  @Test
  void theAccountsBalanceAtAnyTime() throws Exception {
    Tracer tracer =
        test.with(
            options -> {
              options.setTracesSampler(
                  context -> context.getSpanContext().getName().equals("yes") ? 1 : 0);
              options.setIgnoreSpans(List.of(IgnoreSpanRule.named("ignored")));
            });
    AtomicBoolean running = new AtomicBoolean(true);
    together(
        thread -> {
          if (thread == 0) {
            while (running.get()) {
              TracerStats stats = tracer.stats();
              TestTracer.assertBalanced(stats);
              assertThat(stats.open()).isNotNegative();
              assertThat(stats.sent()).isNotNegative();
            }
          } else {
            try {
              for (int i = 0; i < ROUNDS * 5; i++) {
                String name = i % 3 == 0 ? "yes" : i % 3 == 1 ? "no" : "ignored";
                tracer.startSpan(name).end();
              }
            } finally {
              running.set(false);
            }
          }
        });
    assertThat(tracer.stats().started()).isEqualTo(ROUNDS * 10L);
    assertThat(tracer.stats().droppedTotal() + tracer.stats().sent()).isEqualTo(ROUNDS * 10L);
  }

  /*
   * T1 ends while T2 closes:   T1 sees the tracer open,  T2 closes it and its sink,
   *                            T1 offers its span to the closed sink: it must be in one account.
   */
  @Test
  void aSpanThatEndsWhileTheTracerClosesIsInOneAccount() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Tracer tracer = test.recording();
      Span one = tracer.spanBuilder("s").setActive(false).startSpan();
      Span two = tracer.spanBuilder("s").setActive(false).startSpan();
      together(
          thread -> {
            switch (thread) {
              case 0 -> tracer.close();
              case 1 -> one.end();
              default -> two.end();
            }
          });
      TracerStats stats = tracer.stats();
      TestTracer.assertBalanced(stats);
      assertThat(stats.ended()).isEqualTo(2);
      assertThat(stats.sent()).isEqualTo(test.sink.spans().size());
      test.sink.clear();
    }
  }

  /*
   * T1 and T2 make the first envelope and the first header:   both find nothing frozen,
   *                                                           both freeze: two contexts, one trace.
   */
  @Test
  void theSamplingContextIsFrozenOnce() throws Exception {
    Tracer tracer = test.recording();
    for (int round = 0; round < ROUNDS; round++) {
      Traces.newTrace();
      Span span = tracer.startSpan("s");
      Map<?, ?>[] seen = new Map<?, ?>[THREADS];
      together(
          thread -> {
            span.setName("n" + thread);
            seen[thread] = ((RecordingSpan) span).getTree().getDynamicSamplingContext();
          });
      assertThat(seen[1]).isEqualTo(seen[0]);
      assertThat(seen[2]).isEqualTo(seen[0]);
      span.end();
      test.sink.clear();
    }
  }
}

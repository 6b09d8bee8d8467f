package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.internal.ContextDoor;
import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.SinkStats;
import dev.spanstream.sink.SpanSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every span that was started is open, sent or dropped for a reason, and counted once. */
class AccountsTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  /** Says of its spans what the test wants, and throws wherever the test wants. */
  private static final class FakeSink implements SpanSink {
    final List<String> calls = new ArrayList<>();
    SinkStats stats = new SinkStats(0, 0, Map.of());
    String throwing = "";

    private void call(String name) {
      calls.add(name);
      if (throwing.equals(name)) {
        throw new StackOverflowError(name);
      }
    }

    @Override
    public void accept(FinishedSpan span) {
      call("accept");
    }

    @Override
    public void dropped(DropReason reason, int spans) {
      call("dropped");
      calls.add(reason.wireName() + " " + spans);
    }

    @Override
    public boolean flush(Duration timeout) {
      call("flush");
      return true;
    }

    @Override
    public void close(Duration timeout) {
      call("close");
      calls.add(timeout.toString());
    }

    @Override
    public SinkStats stats() {
      if (throwing.equals("stats")) {
        throw new StackOverflowError();
      }
      return stats;
    }
  }

  private Tracer with(FakeSink sink, double rate) {
    return test.with(
        options -> {
          options.setSink(sink);
          options.setTracesSampleRate(rate);
        });
  }

  @Test
  void everySpanIsOpenThenBufferedThenSentSpooledOrDropped() {
    FakeSink sink = new FakeSink();
    Tracer tracer = with(sink, 1.0);
    for (int i = 0; i < 10; i++) {
      tracer.startSpan("s").end();
    }
    try (Span open = tracer.startSpan("open")) {
      assertThat(tracer.stats()).isEqualTo(stats(11, 1, 10, 0, 10, 0, Map.of()));
      sink.stats = new SinkStats(4, 3, Map.of(DropReason.SEND_ERROR, 2L));
      assertThat(tracer.stats())
          .isEqualTo(stats(11, 1, 10, 4, 1, 3, Map.of(DropReason.SEND_ERROR, 2L)));
      assertThat(tracer.stats().droppedTotal()).isEqualTo(2);
      open.setAttribute("x", 1);
    }
  }

  private static TracerStats stats(
      long started,
      long open,
      long ended,
      long sent,
      long buffered,
      long spooled,
      Map<DropReason, Long> dropped) {
    return new TracerStats(
        started, open, ended, sent, buffered, spooled, dropped, TraceContext.healed());
  }

  @Test
  void aSinkWithoutStatsCountsAsHavingSentAll() {
    Tracer tracer = test.recording();
    tracer.startSpan("s").end();
    assertThat(tracer.stats()).isEqualTo(stats(1, 0, 1, 1, 0, 0, Map.of()));
  }

  @Test
  void dropsOfTheTracerAndOfTheSinkAddUpByReason() {
    FakeSink sink = new FakeSink();
    Tracer tracer = with(sink, 1.0);
    sink.throwing = "accept";
    tracer.startSpan("s").end();
    sink.stats = new SinkStats(0, 0, Map.of(DropReason.INTERNAL_SDK_ERROR, 1L));
    sink.throwing = "";
    tracer.startSpan("s").end();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.INTERNAL_SDK_ERROR, 2L));
  }

  @Test
  void theSinkIsToldOfWhatWasNotRecordedInSpans() {
    FakeSink sink = new FakeSink();
    Tracer tracer = with(sink, 0.0);
    try (Span service = tracer.startSpan("service")) {
      tracer.startSpan("child").end();
      assertThat(service.isSampled()).isFalse();
    }
    assertThat(sink.calls).containsExactly("dropped", "sample_rate 1", "dropped", "sample_rate 1");
  }

  @Test
  void aSpanThatNobodyStartedForWantOfAParentIsCounted() {
    FakeSink sink = new FakeSink();
    Tracer tracer = with(sink, 1.0);
    ContextDoor.open().skippedWithoutParent(tracer);
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.NO_PARENT_SPAN, 1L));
    assertThat(sink.calls).containsExactly("dropped", "no_parent_span 1");
    tracer.close();
    ContextDoor.open().skippedWithoutParent(tracer);
    assertThat(tracer.stats().started()).isEqualTo(1);
  }

  @ParameterizedTest(name = "a sink that throws in {0}: {1}")
  @CsvSource({
    "accept, internal_sdk_error",
    "dropped, sample_rate",
    "flush,",
    "close,",
    "stats,",
  })
  void aHostileSinkLosesNoCountAndThrowsNothing(String where, String reason) {
    FakeSink sink = new FakeSink();
    sink.throwing = where;
    Tracer tracer = with(sink, where.equals("dropped") ? 0.0 : 1.0);
    tracer.startSpan("s").end();
    assertThat(tracer.flush(Duration.ZERO)).isEqualTo(!where.equals("flush"));
    TestTracer.assertBalanced(tracer.stats());
    tracer.close();
    assertThat(tracer.stats().ended()).isEqualTo(1);
    assertThat(tracer.stats().dropped().keySet().stream().map(DropReason::wireName))
        .isEqualTo(reason == null ? List.of() : List.of(reason));
    assertThat(test.logs).hasSize(1).first().asString().startsWith("WARNING ");
  }

  @Test
  void flushAndCloseReachTheSink() {
    FakeSink sink = new FakeSink();
    Tracer tracer = with(sink, 1.0);
    assertThat(tracer.flush(Duration.ofSeconds(1))).isTrue();
    tracer.close();
    assertThat(sink.calls).containsExactly("flush", "close", "PT2S");
    assertThat(tracer.isEnabled()).isFalse();
  }

  @Test
  void withoutASinkFlushIsDoneAtOnce() {
    Tracer tracer = test.with(options -> options.setSink(null));
    assertThat(tracer.flush(Duration.ZERO)).isTrue();
    assertThat(tracer.stats()).isEqualTo(stats(0, 0, 0, 0, 0, 0, Map.of()));
  }

  @Test
  void theReasonsAreNamedAsTheProtocolNamesThem() {
    assertThat(DropReason.values())
        .extracting(DropReason::wireName)
        .containsExactly(
            "sample_rate",
            "backpressure",
            "ignored",
            "no_parent_span",
            "buffer_overflow",
            "queue_overflow",
            "cache_overflow",
            "ratelimit_backoff",
            "network_error",
            "send_error",
            "internal_sdk_error");
  }

  @Test
  void aClockThatThrowsIsReplacedByTheSystems() {
    Tracer tracer =
        test.with(
            options ->
                options.setClock(
                    () -> {
                      throw new StackOverflowError();
                    }));
    try (Span service = tracer.startSpan("service")) {
      tracer.startSpan("child").end();
      assertThat(service.getStartTimestamp())
          .isAfter(java.time.Instant.parse("2020-01-01T00:00:00Z"));
    }
    test.with(options -> options.setClock(() -> null)).startSpan("null").end();
    assertThat(test.sink.spans()).hasSize(3);
    assertThat(test.logs).hasSize(2).allMatch(line -> line.contains("options.clock"));
  }
}

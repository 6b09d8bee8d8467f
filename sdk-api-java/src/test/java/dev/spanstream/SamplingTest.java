package dev.spanstream;

import static dev.spanstream.TestTracer.SPAN_ID;
import static dev.spanstream.TestTracer.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.SpanSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// One long file because it is one decision, with all that goes into it.

/** Which service spans are recorded, and what the sampler is told. */
class SamplingTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  /** Continues a trace and says whether a service span in it is recorded. */
  private static boolean samples(Tracer tracer, String flag, String baggage) {
    tracer.continueTrace(TestTracer.headers(TRACE_ID + "-" + SPAN_ID + flag, baggage));
    try (Span span = tracer.startSpan("service")) {
      return span.isSampled();
    }
  }

  private static String rand(double rand) {
    return "sentry-sample_rand=" + SampleRand.format(rand);
  }

  @ParameterizedTest(name = "sample_rand {0} and rate {1}: sampled {2}")
  @CsvSource({
    "0.000000, 0.0, false",
    "0.000000, 0.000001, true",
    "0.249999, 0.25, true",
    "0.250000, 0.25, false",
    "0.250001, 0.25, false",
    "0.999999, 1.0, true",
  })
  void sampledIfAndOnlyIfTheNumberIsLessThanTheRate(double rand, double rate, boolean sampled) {
    Tracer tracer = test.with(options -> options.setTracesSampleRate(rate));
    assertThat(samples(tracer, "", rand(rand))).isEqualTo(sampled);
  }

  @ParameterizedTest(name = "incoming ''{0}'' and rate {1}: sampled {2}")
  @CsvSource({
    "-1, 1.0, true", "-1, 0.5, true", "-1, 0.0, true",
    "-0, 1.0, false", "-0, 0.5, false", "-0, 0.0, false",
    "'', 1.0, true", "'', 0.0, false",
  })
  void theDecisionUpstreamBeatsTheRate(String flag, double rate, boolean sampled) {
    Tracer tracer = test.with(options -> options.setTracesSampleRate(rate));
    assertThat(samples(tracer, flag, "")).isEqualTo(sampled);
  }

  @ParameterizedTest(name = "sampler {1} beats incoming ''{0}'' and rate {2}: sampled {3}")
  @CsvSource({
    "-1, 0.0, 1.0, false",
    "-0, 1.0, 0.0, true",
    "'', 1.0, 0.0, true",
    "'', 0.0, 1.0, false",
  })
  void theSamplerBeatsTheDecisionUpstreamAndTheRate(
      String flag, double answer, double rate, boolean sampled) {
    Tracer tracer =
        test.with(
            options -> {
              options.setTracesSampleRate(rate);
              options.setTracesSampler(context -> answer);
            });
    assertThat(samples(tracer, flag, "")).isEqualTo(sampled);
  }

  @ParameterizedTest(name = "incoming ''{0}'' and rate {1} behind a throwing sampler: sampled {2}")
  @CsvSource({"-1, 0.0, true", "-0, 1.0, false", "'', 1.0, true", "'', 0.0, false"})
  void aThrowingSamplerCountsAsNone(String flag, double rate, boolean sampled) {
    Tracer tracer =
        test.with(
            options -> {
              options.setTracesSampleRate(rate);
              options.setTracesSampler(
                  context -> {
                    throw new StackOverflowError();
                  });
            });
    assertThat(samples(tracer, flag, "")).isEqualTo(sampled);
    assertThat(test.logs).hasSize(1).first().asString().contains("tracesSampler threw");
  }

  @Test
  void aThrowingSamplerWithoutARateIsUnsampled() {
    Tracer tracer =
        test.with(
            options -> {
              options.setTracesSampleRate(null);
              options.setTracesSampler(
                  context -> {
                    throw new IllegalStateException();
                  });
            });
    assertThat(samples(tracer, "", "")).isFalse();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.SAMPLE_RATE, 1L));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        -0.1,
        1.1,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -1e-300
      })
  void anInvalidRateIsUnsampledWithAWarning(double invalid) {
    Tracer tracer = test.with(options -> options.setTracesSampler(context -> invalid));
    assertThat(samples(tracer, "-1", "")).isFalse();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.SAMPLE_RATE, 1L));
    assertThat(test.logs).hasSize(1).first().asString().contains("a rate is from 0.0 to 1.0");
  }

  @Test
  void aWarningIsGivenOnceUnlessDebugIsOn() {
    Tracer quiet = test.with(options -> options.setTracesSampler(context -> 2));
    samples(quiet, "", "");
    samples(quiet, "", "");
    assertThat(test.logs).hasSize(1);
    test.logs.clear();
    Tracer loud =
        test.with(
            options -> {
              options.setTracesSampler(context -> 2);
              options.setDebug(true);
            });
    samples(loud, "", "");
    samples(loud, "", "");
    assertThat(test.logs.stream().filter(line -> line.startsWith("WARNING"))).hasSize(2);
  }

  @Test
  void childrenCopyTheDecisionAndTheSamplerIsAskedForServiceSpansOnly() {
    List<String> asked = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      asked.add(context.getSpanContext().getName());
                      return context.getSpanContext().getName().equals("yes") ? 1 : 0;
                    }));
    for (String name : List.of("yes", "no")) {
      try (Span service = tracer.startSpan(name);
          Span child = tracer.startSpan("child");
          Span grandchild = tracer.startSpan("grandchild")) {
        assertThat(child.isSampled()).isEqualTo(service.isSampled());
        assertThat(grandchild.isSampled()).isEqualTo(service.isSampled());
      }
    }
    assertThat(asked).containsExactly("yes", "no");
    assertThat(test.sink.tree()).isEqualTo("yes\n  child\n    grandchild\n");
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.SAMPLE_RATE, 3L));
  }

  @Test
  void theSamplerSeesWhatIsKnown() {
    List<SamplingContext> seen = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      seen.add(context);
                      return 1.0;
                    }));
    tracer.continueTrace(
        TestTracer.headers(
            TRACE_ID + "-" + SPAN_ID + "-0", "sentry-sample_rate=0.25,sentry-sample_rand=0.5"));
    Traces.isolationScope().setCustomSamplingContext(Map.of("call", "the call"));
    tracer.startSpan("GET", Map.of("sentry.op", "http.server")).end();
    SamplingContext context = seen.get(0);
    assertThat(context.getSpanContext().getName()).isEqualTo("GET");
    assertThat(context.getSpanContext().getTraceId()).isEqualTo(TRACE_ID);
    assertThat(context.getSpanContext().getParentSpanId()).isEqualTo(SPAN_ID);
    assertThat(context.getSpanContext().getParentSampled()).isFalse();
    assertThat(context.getSpanContext().getAttributes())
        .isEqualTo(Map.of("sentry.op", "http.server"));
    assertThat(context.getParentSampleRate()).isEqualTo(0.25);
    assertThat(context.get("call")).isEqualTo("the call");
    assertThat(context.get("other")).isNull();
    assertThat(context.get(null)).isNull();

    Traces.newTrace();
    tracer.startSpan("head").end();
    SpanContext head = seen.get(1).getSpanContext();
    assertThat(head.getParentSpanId()).isNull();
    assertThat(head.getParentSampled()).isNull();
    assertThat(seen.get(1).getParentSampleRate()).isNull();
  }

  @ParameterizedTest(name = "parent sample_rate ''{0}'' is {1}")
  @CsvSource({"0.5, 0.5", "0, 0.0", "1, 1.0", "2,", "-1,", "abc,", "'',", "01,", "1d,"})
  void theRateUpstreamIsNullIfItIsNone(String sent, Double expected) {
    List<Double> seen = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      seen.add(context.getParentSampleRate());
                      return 0;
                    }));
    samples(tracer, "-1", "sentry-sample_rate=" + sent);
    assertThat(seen).containsExactly(expected);
  }

  @ParameterizedTest(name = "incoming ''{0}'' with {1}: sampled {2}")
  @CsvSource({
    "'', '', true",
    "-1, '', true",
    "-0, '', false",
    "-1, 'sentry-sample_rate=0.25,sentry-sample_rand=0.1', true",
    "-0, 'sentry-sample_rate=0.25,sentry-sample_rand=0.9', false",
    // The flag says one thing, rate and number another: the flag wins.
    "-1, 'sentry-sample_rate=0.25,sentry-sample_rand=0.9', true",
    "-0, 'sentry-sample_rate=0.25,sentry-sample_rand=0.1', false",
  })
  void inheritOrSampleWithFollowsTheDecisionUpstream(String flag, String baggage, boolean sampled) {
    Tracer tracer =
        test.with(options -> options.setTracesSampler(context -> context.inheritOrSampleWith(1.0)));
    assertThat(samples(tracer, flag, baggage)).isEqualTo(sampled);
  }

  @Test
  void inheritOrSampleWithTellsTheRateUpstreamAndAnotherAnswerStillCounts() {
    List<Double> rates = new ArrayList<>();
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      rates.add(context.inheritOrSampleWith(0.7));
                      return 0.0;
                    }));
    assertThat(samples(tracer, "-1", "sentry-sample_rate=0.25")).isFalse();
    samples(tracer, "-1", "");
    samples(tracer, "-0", "");
    samples(tracer, "", "");
    assertThat(rates).containsExactly(0.25, 1.0, 0.0, 0.7);
  }

  private static final class Busy implements SpanSink {
    int factor;

    @Override
    public void accept(FinishedSpan span) {}

    @Override
    public int downsampleFactor() {
      if (factor == Integer.MIN_VALUE) {
        throw new IllegalStateException();
      }
      return factor;
    }
  }

  @ParameterizedTest(name = "rate {0} halved {1} times, sample_rand {2}: {3}")
  @CsvSource({
    "1.0, 1, 0.499999,",
    "1.0, 1, 0.500000, BACKPRESSURE",
    "0.8, 2, 0.199999,",
    "0.8, 2, 0.200000, BACKPRESSURE",
    "0.8, 2, 0.800000, SAMPLE_RATE",
    "0.0, 2, 0.000000, SAMPLE_RATE",
    "1.0, 10, 0.001000, BACKPRESSURE",
    "1.0, 99, 0.000900,",
    "1.0, -3, 0.999999,",
  })
  void backpressureHalvesTheRatePerStep(double rate, int factor, double rand, DropReason expected) {
    Busy sink = new Busy();
    sink.factor = factor;
    Tracer tracer =
        test.with(
            options -> {
              options.setSink(sink);
              options.setTracesSampleRate(rate);
            });
    assertThat(samples(tracer, "", rand(rand))).isEqualTo(expected == null);
    assertThat(tracer.stats().dropped())
        .isEqualTo(expected == null ? Map.of() : Map.of(expected, 1L));
  }

  @ParameterizedTest(name = "incoming {0}, {1}: {2}")
  @CsvSource({
    "-1, 'sentry-sample_rand=0.4',",
    "-1, 'sentry-sample_rand=0.6', BACKPRESSURE",
    "-0, 'sentry-sample_rand=0.4', SAMPLE_RATE",
  })
  void backpressureLowersInheritedDecisionsToo(String flag, String baggage, DropReason expected) {
    Busy sink = new Busy();
    sink.factor = 1;
    Tracer tracer = test.with(options -> options.setSink(sink));
    assertThat(samples(tracer, flag, baggage)).isEqualTo(expected == null);
    assertThat(tracer.stats().dropped())
        .isEqualTo(expected == null ? Map.of() : Map.of(expected, 1L));
  }

  @Test
  void theDescendantsOfATreeThatBackpressureTookCountAsThatToo() {
    Busy sink = new Busy();
    sink.factor = 10;
    Tracer tracer = test.with(options -> options.setSink(sink));
    tracer.continueTrace(
        TestTracer.headers(TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID, rand(0.9)));
    try (Span service = tracer.startSpan("service");
        Span child = tracer.startSpan("child")) {
      assertThat(service.isSampled()).isFalse();
      assertThat(child.isSampled()).isFalse();
    }
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.BACKPRESSURE, 2L));
  }

  @Test
  void backpressureHandlingCanBeSwitchedOff() {
    Busy sink = new Busy();
    sink.factor = 10;
    Tracer tracer =
        test.with(
            options -> {
              options.setSink(sink);
              options.setEnableBackpressureHandling(false);
            });
    assertThat(samples(tracer, "", rand(0.9))).isTrue();
  }

  @Test
  void aSinkThatThrowsForItsFactorCountsAsHealthy() {
    Busy sink = new Busy();
    sink.factor = Integer.MIN_VALUE;
    Tracer tracer = test.with(options -> options.setSink(sink));
    assertThat(samples(tracer, "", rand(0.9))).isTrue();
  }

  @Test
  void debugSaysWhyAServiceSpanIsNotRecorded() {
    Tracer tracer =
        test.with(
            options -> {
              options.setTracesSampleRate(0.25);
              options.setDebug(true);
            });
    samples(tracer, "", rand(0.5));
    assertThat(test.logs)
        .containsExactly(
            "INFO Service span 'service' is not recorded: sample_rate, rate 0.25, sample_rand 0.5");
  }
}

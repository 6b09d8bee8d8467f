package dev.spanstream;

import static dev.spanstream.TestTracer.DSN;
import static dev.spanstream.TestTracer.KEY;
import static dev.spanstream.TestTracer.SPAN_ID;
import static dev.spanstream.TestTracer.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.internal.Baggage;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// One long file because it follows one context from service to service.

/**
 * Frozen when it first leaves, verbatim downstream, complete in the envelope
 * (sdk/foundations/trace-propagation).
 */
class DynamicSamplingContextTest {
  private static final String OTHER_KEY = "0123456789abcdef0123456789abcdef";

  @RegisterExtension final TestTracer test = new TestTracer();

  private Tracer tracer(Consumer<TracingOptions> configure) {
    return test.with(
        options -> {
          options.setDsn(DSN);
          configure.accept(options);
        });
  }

  private Map<String, String> envelope(String span) {
    return test.only(span).getTree().getDynamicSamplingContext();
  }

  private Map<String, String> envelopeOfContinued(Tracer tracer, String flag, String baggage) {
    tracer.continueTrace(TestTracer.headers(TRACE_ID + "-" + SPAN_ID + flag, baggage));
    tracer.startSpan("service").end();
    return envelope("service");
  }

  @ParameterizedTest(name = "baggage ''{0}''")
  @ValueSource(
      strings = {
        "",
        "other=1",
        "sentry-trace_id=" + TRACE_ID,
        "sentry-trace_id=ffffffffffffffffffffffffffffffff",
        "sentry-public_key=" + OTHER_KEY,
        "sentry-sampled=false",
      })
  void theEnvelopeAlwaysHasATraceIdAPublicKeyAndTheDecision(String baggage) {
    assertThat(envelopeOfContinued(tracer(options -> {}), "-1", baggage))
        .containsEntry("trace_id", TRACE_ID)
        .containsEntry("public_key", baggage.contains(OTHER_KEY) ? OTHER_KEY : KEY)
        .containsEntry("sampled", "true")
        .containsKey("sample_rand");
  }

  @Test
  void receivedValuesAreVerbatimInTheEnvelopeUnknownOnesIncluded() {
    String baggage =
        "sentry-release=edge%409,sentry-unknown=x,sentry-sample_rand=0.104233,"
            + "sentry-sample_rate=0.250,sentry-transaction=up,sentry-environment=e";
    assertThat(envelopeOfContinued(tracer(options -> options.setRelease("own")), "-1", baggage))
        .containsEntry("release", "edge@9")
        .containsEntry("unknown", "x")
        .containsEntry("sample_rand", "0.104233")
        .containsEntry("sample_rate", "0.250")
        .containsEntry("transaction", "up")
        .containsEntry("environment", "e")
        .doesNotContainKey("org_id");
  }

  @ParameterizedTest(name = "{0}={1} is {2}")
  @CsvSource({
    "sample_rate, abc, ",
    "sample_rate, -1, ",
    "sample_rate, '', ",
    "sample_rate, .5, ",
    "sample_rate, NaN, ",
    "sample_rate, 007, ",
    "sample_rate, 0.5, 0.5",
    "sample_rate, 1, 1",
    "sample_rate, 1.5, ",
    "sample_rate, 1e999, ",
    "sample_rate, Infinity, ",
    "replay_id, '', ",
    "replay_id, abc, ",
    "replay_id, 0123456789abcdef0123456789abcdef, 0123456789abcdef0123456789abcdef",
    "public_key, abc, e12d836b15bb49d7bbf99e64295d995b",
  })
  void whatTheReceiverWouldChokeOnIsMendedInTheEnvelope(String key, String sent, String kept) {
    Map<String, String> context =
        envelopeOfContinued(tracer(options -> {}), "-1", "sentry-" + key + "=" + sent);
    assertThat(context.get(key)).isEqualTo(kept);
  }

  @Test
  void whatIsMendedInTheEnvelopeStillLeavesVerbatim() {
    Tracer tracer = tracer(options -> {});
    envelopeOfContinued(tracer, "-1", "sentry-sample_rate=abc,sentry-replay_id=");
    assertThat(tracer.traceHeaders())
        .containsEntry("baggage", "sentry-sample_rate=abc,sentry-replay_id=");
  }

  @ParameterizedTest(name = "rate {0} is written {1}")
  @CsvSource({"1.0, 1.0", "0.25, 0.25", "0.0000001, 0.0000001", "0.1, 0.1"})
  void aRateOfOursIsADecimalWithoutExponent(double rate, String written) {
    Tracer tracer = tracer(options -> options.setTracesSampleRate(rate));
    tracer.continueTrace(
        TestTracer.headers(TRACE_ID + "-" + SPAN_ID, "sentry-sample_rand=0.000000"));
    tracer.startSpan("service").end();
    assertThat(envelope("service")).containsEntry("sample_rate", written);
  }

  @ParameterizedTest(name = "flag ''{0}'', sampler {1}: sample_rate {2}")
  @CsvSource({
    "-1, , 0.25", // inherited: kept
    "-1, 0.75, 0.75", // our sampler decided
    "-0, 0.75, 0.75", // a decision forced against upstream's
    "'', , 1.0", // our rate decided
    "-1, -1, 0.25", // inheritOrSampleWith
  })
  void theEnvelopeHasTheRateThatDecided(String flag, Double answer, String rate) {
    Tracer tracer =
        tracer(
            options -> {
              if (answer != null) {
                options.setTracesSampler(
                    context -> answer < 0 ? context.inheritOrSampleWith(0.5) : answer);
              }
            });
    String baggage = "sentry-sample_rate=0.25,sentry-sample_rand=0.1";
    assertThat(envelopeOfContinued(tracer, flag, baggage)).containsEntry("sample_rate", rate);
    assertThat(tracer.traceHeaders()).containsEntry("baggage", baggage);
  }

  @ParameterizedTest(name = "upstream {0} and half of ours: {1}")
  @CsvSource({"0.25, 0.25", "0.5, 0.5", "0.75, 0.5", "'', 0.5"})
  void underBackpressureTheSmallerOfBothRatesDecided(String upstream, String rate) {
    Tracer tracer =
        tracer(
            options ->
                options.setSink(
                    new dev.spanstream.sink.SpanSink() {
                      @Override
                      public void accept(dev.spanstream.sink.FinishedSpan span) {
                        test.sink.accept(span);
                      }

                      @Override
                      public int downsampleFactor() {
                        return 1;
                      }
                    }));
    String baggage = "sentry-sample_rate=" + upstream + ",sentry-sample_rand=0.1";
    assertThat(envelopeOfContinued(tracer, "-1", baggage)).containsEntry("sample_rate", rate);
  }

  @Test
  void itIsFrozenWhenItFirstLeaves() {
    Tracer tracer = tracer(options -> {});
    Span service = tracer.startSpan("GET");
    String first = tracer.traceHeaders().get("baggage");
    service.setName("GET /orders/{id}");
    assertThat(tracer.traceHeaders()).containsEntry("baggage", first);
    service.end();
    assertThat(envelope("GET /orders/{id}")).containsEntry("transaction", "GET");
  }

  @Test
  void itIsFrozenForEachTracerWhenItFirstLeavesByThatOne() {
    Tracer first = tracer(options -> options.setRelease("first"));
    Tracer second = tracer(options -> options.setRelease("second"));
    Span ours = first.startSpan("GET");
    Span theirs = second.startSpan("GET");
    String fromFirst = first.traceHeaders().get("baggage");
    String fromSecond = second.traceHeaders().get("baggage");
    ours.setName("GET /orders/{id}");
    theirs.setName("GET /orders/{id}");
    assertThat(fromFirst).contains("first").isNotEqualTo(fromSecond);
    assertThat(first.traceHeaders()).containsEntry("baggage", fromFirst);
    assertThat(second.traceHeaders()).containsEntry("baggage", fromSecond);
    theirs.end();
    ours.end();
  }

  @Test
  void aLateNameReachesAnEnvelopeIfNothingLeftBefore() {
    Tracer tracer = tracer(options -> {});
    try (Span service = tracer.startSpan("GET")) {
      tracer.startSpan("child").end();
      service.setName("GET /orders/{id}");
      assertThat(envelope("child")).containsEntry("transaction", "GET /orders/{id}");
      service.setName("later");
      assertThat(envelope("child")).containsEntry("transaction", "GET /orders/{id}");
    }
  }

  @Test
  void aRawPathIsNoTransaction() {
    Tracer tracer = tracer(options -> {});
    tracer.startSpan("/user/7", Map.of("sentry.segment.name.source", "url")).end();
    assertThat(envelope("/user/7")).doesNotContainKey("transaction");
    Span open = tracer.startSpan("/user/8", Map.of("sentry.segment.name.source", "url"));
    assertThat(tracer.traceHeaders().get("baggage")).doesNotContain("transaction");
    open.end();
  }

  @Test
  void aNameThatBeforeSendSpanTookOutIsNoTransactionEither() {
    Tracer tracer = tracer(options -> options.setBeforeSendSpan(span -> span.setName("clean")));
    tracer.startSpan("secret").end();
    assertThat(envelope("clean")).containsEntry("transaction", "clean");
  }

  @Test
  void aServiceSpanThatIsNotRecordedFreezesNothingForALaterOne() {
    Tracer tracer = tracer(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("out"))));
    try (Span ignored = tracer.startSpan("out")) {
      assertThat(Baggage.parse(tracer.traceHeaders().get("baggage")))
          .containsEntry("sampled", "false")
          .doesNotContainKeys("sample_rate", "transaction");
    }
    try (Span service = tracer.startSpan("service")) {
      assertThat(Baggage.parse(tracer.traceHeaders().get("baggage")))
          .containsEntry("sampled", "true")
          .containsEntry("sample_rate", "1.0");
    }
  }

  @Test
  void treesOfOneTraceShareIt() {
    Tracer tracer = tracer(options -> {});
    tracer.startSpan("first").end();
    tracer.startSpan("second").end();
    assertThat(envelope("first")).isEqualTo(envelope("second"));
  }

  @Test
  void aSecondTracerDoesNotSendTheProjectAndReleaseOfTheFirst() {
    Tracer first = tracer(options -> options.setRelease("first"));
    Tracer second =
        test.with(
            options -> {
              options.setDsn("https://" + OTHER_KEY + "@host/2");
              options.setRelease("second");
            });
    try (Span ours = first.startSpan("first")) {
      assertThat(Baggage.parse(first.traceHeaders().get("baggage")))
          .containsEntry("release", "first")
          .containsEntry("public_key", KEY);
      second.startSpan("second").end();
      assertThat(envelope("second"))
          .containsEntry("trace_id", ours.getTraceId())
          .containsEntry("release", "second")
          .containsEntry("public_key", OTHER_KEY);
    }
    assertThat(envelope("first")).containsEntry("release", "first");
  }

  @Test
  void aRawPathByTheWordOfAScopeIsNoTransaction() {
    Traces.setAttribute("sentry.segment.name.source", "url");
    Tracer tracer = tracer(options -> {});
    try (Span open = tracer.startSpan("/user/7")) {
      assertThat(Baggage.parse(tracer.traceHeaders().get("baggage")))
          .containsEntry("trace_id", open.getTraceId())
          .doesNotContainKey("transaction");
    }
    Traces.newTrace();
    tracer.startSpan("/user/8").end();
    assertThat(envelope("/user/8")).doesNotContainKey("transaction");
    Traces.newTrace();
    tracer.startSpan("route", Map.of("sentry.segment.name.source", "route")).end();
    assertThat(envelope("route")).containsEntry("transaction", "route");
  }

  @Test
  void aRawPathByTheWordOfBeforeSendSpanIsNoTransaction() {
    Tracer tracer =
        tracer(
            options ->
                options.setBeforeSendSpan(
                    span -> span.setAttribute("sentry.segment.name.source", "url")));
    tracer.startSpan("/user/7").end();
    assertThat(envelope("/user/7")).doesNotContainKey("transaction");
  }

  @Test
  void twoNamesOfTheSameFieldBecomeOne() {
    String baggage = "sentry-transaction=a,sentry-segment_name=b";
    assertThat(envelopeOfContinued(tracer(options -> {}), "-1", baggage))
        .containsEntry("transaction", "a")
        .doesNotContainKey("segment_name");
  }

  @Test
  void withoutADsnThereIsNoPublicKey() {
    test.recording().startSpan("service").end();
    assertThat(envelope("service")).containsKey("trace_id").doesNotContainKey("public_key");
  }

  @Test
  void loneSurrogatesDoNotReachIt() {
    Tracer tracer = tracer(options -> options.setRelease("a\uD800"));
    tracer.startSpan("service").end();
    assertThat(envelope("service")).containsEntry("release", "a\uFFFD");
  }
}

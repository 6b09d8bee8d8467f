package dev.spanstream;

import static dev.spanstream.TestTracer.DSN;
import static dev.spanstream.TestTracer.KEY;
import static dev.spanstream.TestTracer.SPAN_ID;
import static dev.spanstream.TestTracer.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.internal.Baggage;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// One long file because it is one round trip, in and out.

/**
 * What is read from incoming headers and written into outgoing ones
 * (sdk/foundations/trace-propagation).
 */
class PropagationTest {
  private static final String INCOMING = TRACE_ID + "-" + SPAN_ID;

  @RegisterExtension final TestTracer test = new TestTracer();

  @ParameterizedTest(name = "incoming org {0}, own {1}, strict {2}: continued {3}")
  @CsvSource({
    "1, 1, false, true",
    "1, 1, true, true",
    "1, 2, false, false",
    "1, 2, true, false",
    "1, , false, true",
    "1, , true, false",
    ", 1, false, true",
    ", 1, true, false",
    ", , false, true",
    ", , true, true",
    "'', 1, false, true",
    "'', 1, true, false",
  })
  void strictContinuation(String incoming, String own, boolean strict, boolean continued) {
    Tracer tracer =
        test.with(
            options -> {
              options.setOrgId(own);
              options.setStrictTraceContinuation(strict);
            });
    String baggage = "sentry-release=up" + (incoming == null ? "" : ",sentry-org_id=" + incoming);
    tracer.continueTrace(TestTracer.headers(INCOMING + "-0", baggage));
    Map<String, String> headers = tracer.traceHeaders();
    if (continued) {
      assertThat(headers.get("sentry-trace")).startsWith(TRACE_ID).endsWith("-0");
      assertThat(headers.get("baggage")).contains("sentry-release=up");
    } else {
      // Trace id, parent, decision and our baggage are discarded, all of them.
      assertThat(headers.get("sentry-trace")).doesNotStartWith(TRACE_ID).hasSize(49);
      assertThat(headers.get("baggage")).doesNotContain("release=up");
      try (Span span = tracer.startSpan("service")) {
        assertThat(span.getParentSpanId()).isNull();
        assertThat(span.isSampled()).isTrue();
      }
    }
  }

  @ParameterizedTest(name = "organization {0} goes on: {1}")
  @CsvSource({"447951, true", "1, false"})
  void theOrganizationOfTheDsnIsCompared(String incoming, boolean continued) {
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    tracer.continueTrace(TestTracer.headers(INCOMING + "-1", "sentry-org_id=" + incoming));
    assertThat(tracer.traceHeaders().get("sentry-trace").startsWith(TRACE_ID)).isEqualTo(continued);
  }

  @Test
  void theOptionOrgIdBeatsTheDsn() {
    Tracer fromDsn = test.with(options -> options.setDsn(DSN));
    Tracer fromOption =
        test.with(
            options -> {
              options.setDsn(DSN);
              options.setOrgId("7");
            });
    assertThat(Baggage.parse(fromDsn.traceHeaders().get("baggage")))
        .containsEntry("org_id", "447951");
    assertThat(Baggage.parse(fromOption.traceHeaders().get("baggage")))
        .containsEntry("org_id", "7");
  }

  @Test
  void anActiveSpanGivesItsIdsAndItsDecision() {
    Tracer tracer = test.recording();
    try (Span service = tracer.startSpan("service");
        Span child = tracer.startSpan("child")) {
      assertThat(tracer.traceHeaders())
          .containsEntry("sentry-trace", service.getTraceId() + "-" + child.getSpanId() + "-1")
          .doesNotContainKey("traceparent");
    }
  }

  @ParameterizedTest(name = "incoming ''{0}'' leaves as ''{0}''")
  @ValueSource(strings = {"", "-0", "-1"})
  void withoutASpanTheTraceLeavesWithAnIdOfOursAndTheIncomingDecision(String flag) {
    Tracer tracer = test.recording();
    tracer.continueTrace(Map.of("sentry-trace", INCOMING + flag));
    String header = tracer.traceHeaders().get("sentry-trace");
    assertThat(header).startsWith(TRACE_ID + "-").endsWith(flag).doesNotContain(SPAN_ID);
    assertThat(tracer.traceHeaders()).containsEntry("sentry-trace", header);
  }

  @Test
  void withoutASpanOurOwnTraceLeavesWithoutFlag() {
    Tracer tracer = test.recording();
    String header = tracer.traceHeaders().get("sentry-trace");
    assertThat(header).hasSize(49).doesNotEndWith("0".repeat(16));
    assertThat(tracer.traceHeaders()).containsEntry("sentry-trace", header);
  }

  @Test
  void anIgnoredChildLeavesAsItsAncestor() {
    Tracer tracer =
        test.with(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("out"))));
    try (Span service = tracer.startSpan("service");
        Span ignored = tracer.startSpan("out")) {
      assertThat(ignored.isSampled()).isFalse();
      assertThat(tracer.traceHeaders().get("sentry-trace"))
          .isEqualTo(service.getTraceId() + "-" + service.getSpanId() + "-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", TRACE_ID, "00000000000000000000000000000000-1-1"})
  void anInvalidHeaderBeginsANewTraceAndItsBaggageIsIgnored(String invalid) {
    Tracer tracer = test.recording();
    String before = tracer.traceHeaders().get("sentry-trace");
    tracer.continueTrace(TestTracer.headers(invalid, "sentry-release=up,sentry-trace_id=1"));
    assertThat(tracer.traceHeaders().get("sentry-trace")).isNotEqualTo(before);
    assertThat(tracer.traceHeaders().get("baggage")).doesNotContain("release");
  }

  @Test
  void baggageAloneContinuesNothing() {
    Tracer tracer = test.recording();
    tracer.continueTrace(Map.of("baggage", "sentry-trace_id=" + TRACE_ID));
    assertThat(tracer.traceHeaders().get("sentry-trace")).doesNotContain(TRACE_ID);
  }

  @Test
  void incomingBaggageLeavesVerbatimWithoutForeignMembers() {
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    tracer.continueTrace(
        TestTracer.headers(
            INCOMING + "-1",
            "other=secret,sentry-release=up%401,sentry-unknown=x,sentry-sampled=false"));
    try (Span span = tracer.startSpan("service")) {
      assertThat(span.isSampled()).as("sentry-trace beats baggage").isTrue();
      assertThat(tracer.traceHeaders())
          .containsEntry("baggage", "sentry-release=up%401,sentry-unknown=x,sentry-sampled=false");
    }
  }

  @Test
  void aTraceThatCameWithoutBaggageLeavesWithoutBaggage() {
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    tracer.continueTrace(Map.of("sentry-trace", INCOMING + "-1"));
    assertThat(tracer.traceHeaders()).containsOnlyKeys("sentry-trace");
  }

  @Test
  void theHeadOfATraceTellsWhatItKnows() {
    Tracer tracer =
        test.with(
            options -> {
              options.setDsn(DSN);
              options.setRelease("shop@1");
              options.setEnvironment("test");
              options.setTracesSampleRate(1.0);
            });
    try (Span service = tracer.startSpan("POST /checkout")) {
      Map<String, String> context = Baggage.parse(tracer.traceHeaders().get("baggage"));
      assertThat(context)
          .containsOnlyKeys(
              "trace_id",
              "public_key",
              "sample_rate",
              "sample_rand",
              "sampled",
              "release",
              "environment",
              "transaction",
              "org_id")
          .containsEntry("trace_id", service.getTraceId())
          .containsEntry("public_key", KEY)
          .containsEntry("sample_rate", "1.0")
          .containsEntry("sampled", "true")
          .containsEntry("release", "shop@1")
          .containsEntry("environment", "test")
          .containsEntry("transaction", "POST /checkout")
          .containsEntry("org_id", "447951");
    }
  }

  @ParameterizedTest(name = "flag {0} is passed on by a service that only propagates")
  @ValueSource(strings = {"", "-0", "-1"})
  void tracingWithoutPerformancePassesTheTraceOn(String flag) {
    Tracer tracer = test.with(options -> options.setTracesSampleRate(null));
    tracer.continueTrace(TestTracer.headers(INCOMING + flag, "sentry-release=up"));
    tracer.startSpan("service").end();
    assertThat(tracer.traceHeaders().get("sentry-trace")).startsWith(TRACE_ID).endsWith(flag);
    assertThat(tracer.traceHeaders()).containsEntry("baggage", "sentry-release=up");
    assertThat(tracer.stats().started()).isZero();
  }

  @Test
  void tracingWithoutPerformanceBeginsTracesWithoutDecision() {
    Tracer tracer = test.with(options -> options.setTracesSampleRate(null));
    Span span = tracer.startSpan("service");
    Map<String, String> headers = tracer.traceHeaders();
    span.end();
    assertThat(headers.get("sentry-trace")).hasSize(49);
    assertThat(Baggage.parse(headers.get("baggage")))
        .containsKeys("trace_id", "sample_rand")
        .doesNotContainKeys("sampled", "sample_rate", "transaction");
  }

  @Test
  void aRateOfZeroIsNotTracingWithoutPerformance() {
    Tracer tracer = test.unsampled();
    try (Span span = tracer.startSpan("service")) {
      assertThat(span.isSampled()).isFalse();
      assertThat(tracer.traceHeaders().get("sentry-trace")).endsWith("-0");
      assertThat(Baggage.parse(tracer.traceHeaders().get("baggage")))
          .containsEntry("sampled", "false")
          .containsEntry("sample_rate", "0.0");
    }
  }

  @Test
  void traceparentIsSentOnlyIfAskedFor() {
    Tracer tracer = test.with(options -> options.setPropagateTraceparent(true));
    try (Span span = tracer.startSpan("service")) {
      assertThat(tracer.traceHeaders())
          .containsEntry("traceparent", "00-" + span.getTraceId() + "-" + span.getSpanId() + "-01");
    }
    assertThat(tracer.traceHeaders().get("traceparent")).endsWith("-00");
  }

  @ParameterizedTest(name = "sentry-trace ''{0}'', option {1}: continued {2}")
  @CsvSource({
    ", true, true",
    "' ', true, true",
    ", false, false",
    "garbage, true, false",
  })
  void traceparentIsReadOnlyIfAskedForAndNothingElseCame(
      String sentryTrace, boolean option, boolean continued) {
    Tracer tracer = test.with(options -> options.setPropagateTraceparent(option));
    Map<String, String> headers = new HashMap<>();
    headers.put("Traceparent", "00-" + INCOMING + "-01");
    headers.put("sentry-trace", sentryTrace);
    tracer.continueTrace(headers);
    try (Span span = tracer.startSpan("service")) {
      assertThat(span.getTraceId().equals(TRACE_ID)).isEqualTo(continued);
      Map<String, String> context = Baggage.parse(tracer.traceHeaders().get("baggage"));
      assertThat(context).as("the sampling context begins here").containsEntry("sampled", "true");
    }
  }

  @ParameterizedTest(name = "targets {0}, {1}: {2}")
  @CsvSource({
    ", https://any.example/, true",
    "'', https://any.example/, false",
    "shop.internal, https://shop.internal/a, true",
    "shop.internal, https://other/?u=shop.internal, true",
    "shop.internal, https://other/, false",
    "^https://a\\.b/, https://a.b/c, true",
    "^https://a\\.b/, https://axb/c, false",
    "[, https://a/[, true",
    "[, https://a/, false",
    "x;y, https://y/, true",
  })
  void onlyTargetsGetHeaders(String targets, String url, boolean matches) {
    List<String> list =
        targets == null ? null : targets.isEmpty() ? List.of() : List.of(targets.split(";"));
    Tracer tracer = test.with(options -> options.setTracePropagationTargets(list));
    assertThat(!tracer.traceHeaders(url).isEmpty()).isEqualTo(matches);
  }

  @Test
  void anEmptyListOfTargetsStillContinuesIncomingTraces() {
    Tracer tracer = test.with(options -> options.setTracePropagationTargets(List.of()));
    tracer.continueTrace(Map.of("sentry-trace", INCOMING));
    try (Span span = tracer.startSpan("service")) {
      assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
    }
  }

  @ParameterizedTest(name = "{0} is the receiver: {1}")
  @CsvSource({
    "https://o447951.ingest.us.sentry.io/api/42/envelope/, true",
    "https://O447951.INGEST.us.sentry.io:443/, true",
    "http://o447951.ingest.us.sentry.io/, false",
    "https://o447951.ingest.us.sentry.io:8443/, false",
    "https://o447951.ingest.us.sentry.io/{not a uri}, true",
    "https://O447951.ingest.us.sentry.io/{not a uri}, true",
    "/relative, false",
  })
  void theReceiverNeverGetsHeaders(String url, boolean receiver) {
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    assertThat(tracer.traceHeaders(url).isEmpty()).isEqualTo(receiver);
  }

  @Test
  void aNullUrlAndAPatternThatOverflowsTheStackAreNoTargets() {
    Tracer tracer = test.with(options -> options.setTracePropagationTargets(List.of("(a|b)*c")));
    assertThat(tracer.traceHeaders(null)).isEmpty();
    assertThat(tracer.traceHeaders("ab".repeat(200_000))).isEmpty();
  }

  @Test
  void theProcessPassesItsTraceOnToWhateverNobodyIsolated() throws Exception {
    Map<String, String> environment =
        Map.of("SENTRY_TRACE", INCOMING + "-1", "SENTRY_BAGGAGE", "sentry-release=parent");
    Tracer tracer = test.with(environment, options -> {});
    Tracer.create(options -> {}).close(); // A library's, which has no say in it.
    Thread thread =
        new Thread(
            () -> {
              try (Span span = tracer.startSpan("in a process")) {
                span.setAttribute("baggage", tracer.traceHeaders().get("baggage"));
              }
              try (Isolation isolation = Traces.isolate();
                  Span span = tracer.startSpan("isolated")) {
                span.setAttribute("x", 1);
              }
            });
    thread.start();
    thread.join();
    assertThat(test.only("in a process").getTraceId()).isEqualTo(TRACE_ID);
    assertThat(test.only("in a process").getParentSpanId()).isEqualTo(SPAN_ID);
    assertThat(test.sent("in a process")).containsEntry("baggage", "sentry-release=parent");
    assertThat(test.only("isolated").getTraceId()).isNotEqualTo(TRACE_ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage"})
  void anInvalidTraceOfTheProcessIsIgnored(String invalid) throws Exception {
    Tracer tracer = test.with(Map.of("SENTRY_TRACE", invalid), options -> {});
    Thread thread = new Thread(() -> tracer.startSpan("span").end());
    thread.start();
    thread.join();
    assertThat(test.only("span").getParentSpanId()).isNull();
  }

  @Test
  void hostileHeadersBeginANewTrace() {
    Tracer tracer = test.recording();
    tracer.continueTrace(null);
    assertThat(tracer.traceHeaders().get("sentry-trace")).hasSize(49);
    Map<String, String> hostile =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, String>> entrySet() {
            throw new IllegalStateException();
          }
        };
    tracer.continueTrace(hostile);
    assertThat(tracer.traceHeaders().get("sentry-trace")).hasSize(49);
    Map<String, String> nulls = new HashMap<>();
    nulls.put(null, null);
    nulls.put("Sentry-Trace", INCOMING + "-1");
    nulls.put("baggage", null);
    tracer.continueTrace(nulls);
    assertThat(tracer.traceHeaders().get("sentry-trace")).startsWith(TRACE_ID);
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void headersThatAreNoStringsBeginANewTrace() {
    Tracer tracer = test.recording();
    Map raw = Map.of("sentry-trace", List.of(INCOMING));
    tracer.continueTrace(raw);
    assertThat(tracer.traceHeaders().get("sentry-trace")).doesNotContain(TRACE_ID);
  }
}

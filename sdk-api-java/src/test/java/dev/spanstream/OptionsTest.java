package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spanstream.sink.InMemorySpanSink;
import java.net.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

// One long file because it is one table, a row for each option.

/** Every option out of range says what to change; the environment fills in what is not set. */
class OptionsTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private static Arguments bad(String message, Consumer<TracingOptions> configure) {
    return Arguments.argumentSet(message, configure, message);
  }

  static Stream<Arguments> invalid() {
    String rate = "; set it to a number from 0.0 (nothing) to 1.0 (everything)";
    return Stream.of(
        bad("tracesSampleRate is -0.1" + rate, o -> o.setTracesSampleRate(-0.1)),
        bad("tracesSampleRate is 1.1" + rate, o -> o.setTracesSampleRate(1.1)),
        bad("tracesSampleRate is NaN" + rate, o -> o.setTracesSampleRate(Double.NaN)),
        bad(
            "environment is empty; leave it at production, or name one",
            o -> o.setEnvironment(" ")),
        bad(
            "environment is empty; leave it at production, or name one",
            o -> o.setEnvironment(null)),
        bad(
            "traceLifecycle is null; leave it at STREAM, or set it to STATIC",
            o -> o.setTraceLifecycle(null)),
        bad("clock is null; leave it at the system's", o -> o.setClock(null)),
        bad("ignoreSpans is null; set an empty list instead", o -> o.setIgnoreSpans(null)),
        bad(
            "ignoreSpans has a null entry; remove it",
            o -> o.setIgnoreSpans(Arrays.asList(IgnoreSpanRule.named("a"), null))),
        bad(
            "tracePropagationTargets has a null entry; remove it",
            o -> o.setTracePropagationTargets(Arrays.asList("a", null))),
        bad(
            "tracePropagationTargets has an empty entry, which would match every URL; remove it,"
                + " or set null to propagate to all",
            o -> o.setTracePropagationTargets(List.of("a", " "))),
        bad(
            "flushInterval is PT0.009S; set it to a duration from PT0.01S to PT30S",
            o -> o.setFlushInterval(Duration.ofMillis(9))),
        bad(
            "flushInterval is PT30.001S; set it to a duration from PT0.01S to PT30S",
            o -> o.setFlushInterval(Duration.ofMillis(30_001))),
        bad(
            "flushInterval is null; set it to a duration from PT0.01S to PT30S",
            o -> o.setFlushInterval(null)),
        bad(
            "shutdownTimeout is PT-1S; set it to a duration from PT0S to PT1M",
            o -> o.setShutdownTimeout(Duration.ofSeconds(-1))),
        bad(
            "shutdownTimeout is PT1M1S; set it to a duration from PT0S to PT1M",
            o -> o.setShutdownTimeout(Duration.ofSeconds(61))),
        bad("maxBufferedSpans is 999; set it to 1000 or more", o -> o.setMaxBufferedSpans(999)),
        bad(
            "maxBufferedBytes is 1048575; set it to 1048576 or more",
            o -> o.setMaxBufferedBytes((1 << 20) - 1)),
        bad("maxSpansPerEnvelope is 0; set it to 1 to 1000", o -> o.setMaxSpansPerEnvelope(0)),
        bad(
            "maxSpansPerEnvelope is 1001; set it to 1 to 1000",
            o -> o.setMaxSpansPerEnvelope(1_001)),
        bad(
            "maxAttributeValueLength is 15; set it to 16 or more",
            o -> o.setMaxAttributeValueLength(15)),
        bad(
            "orgId is 'abc'; set it to the digits of your Sentry organization id",
            o -> o.setOrgId("abc")),
        bad(
            "orgId is ''; set it to the digits of your Sentry organization id",
            o -> o.setOrgId("")),
        bad(
            "spotlight is 'here'; set it to a URL such as http://localhost:8969/stream",
            o -> o.setSpotlight("here")),
        bad(
            "spotlight is 'ftp://a/'; set it to a URL such as http://localhost:8969/stream",
            o -> o.setSpotlight("ftp://a/")),
        bad(
            "spotlight is 'http://a b'; set it to a URL such as http://localhost:8969/stream",
            o -> o.setSpotlight("http://a b")));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidOptionThrowsAndSaysWhatToChange(
      Consumer<TracingOptions> configure, String message) {
    assertThatThrownBy(() -> test.with(configure))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void theEdgesOfEveryRangeAreValid() {
    assertThatCode(
            () ->
                test.with(
                    o -> {
                      o.setTracesSampleRate(0.0);
                      o.setFlushInterval(Duration.ofMillis(10));
                      o.setShutdownTimeout(Duration.ZERO);
                      o.setMaxBufferedSpans(1_000);
                      o.setMaxBufferedBytes(1 << 20);
                      o.setMaxSpansPerEnvelope(1);
                      o.setMaxAttributeValueLength(16);
                      o.setOrgId("1");
                      o.setSpotlight("HTTPS://localhost:8969/stream");
                    }))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                test.with(
                    o -> {
                      o.setTracesSampleRate(1.0);
                      o.setFlushInterval(Duration.ofSeconds(30));
                      o.setShutdownTimeout(Duration.ofSeconds(60));
                      o.setMaxSpansPerEnvelope(1_000);
                    }))
        .doesNotThrowAnyException();
  }

  @Test
  void configureIsNeeded() {
    assertThatThrownBy(() -> Tracer.create(null)).hasMessage("configure");
  }

  @Test
  void theDefaultsAreTheDocumentedOnes() {
    TracingOptions o = new TracingOptions();
    assertThat(o.getDsn()).isNull();
    assertThat(o.getEnvironment()).isEqualTo("production");
    assertThat(o.getRelease()).isNull();
    assertThat(o.getDist()).isNull();
    assertThat(o.getServerName()).isNull();
    assertThat(o.getDebug()).isFalse();
    assertThat(o.getTraceLifecycle()).isEqualTo(TraceLifecycle.STREAM);
    assertThat(o.getTracesSampleRate()).isNull();
    assertThat(o.getTracesSampler()).isNull();
    assertThat(o.getIgnoreSpans()).isEmpty();
    assertThat(o.getBeforeSendSpan()).isNull();
    assertThat(o.getTracePropagationTargets()).isNull();
    assertThat(o.getPropagateTraceparent()).isFalse();
    assertThat(o.getStrictTraceContinuation()).isFalse();
    assertThat(o.getOrgId()).isNull();
    assertThat(o.getSendDefaultPii()).isFalse();
    assertThat(o.getSendClientReports()).isTrue();
    assertThat(o.getEnableBackpressureHandling()).isTrue();
    assertThat(o.getFlushInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(o.getMaxBufferedSpans()).isEqualTo(100_000);
    assertThat(o.getMaxBufferedBytes()).isEqualTo(64L * 1024 * 1024);
    assertThat(o.getMaxSpansPerEnvelope()).isEqualTo(1_000);
    assertThat(o.getMaxAttributeValueLength()).isEqualTo(8_192);
    assertThat(o.getShutdownTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(o.getSpoolDirectory()).isNull();
    assertThat(o.getSpotlight()).isNull();
    assertThat(o.getProxy()).isNull();
    assertThat(o.getSink()).isNull();
    assertThat(o.getClock()).isSameAs(InstantSource.system());
  }

  @Test
  void whatTheSinkNeedsIsHandedOn() {
    InMemorySpanSink sink = new InMemorySpanSink();
    TracingOptions o = new TracingOptions();
    o.setProxy(Proxy.NO_PROXY);
    o.setSpoolDirectory(Path.of("spool"));
    o.setSendClientReports(false);
    o.setSink(sink);
    o.setTracePropagationTargets(null);
    assertThat(o.getProxy()).isSameAs(Proxy.NO_PROXY);
    assertThat(o.getSpoolDirectory()).isEqualTo(Path.of("spool"));
    assertThat(o.getSendClientReports()).isFalse();
    assertThat(o.getSink()).isSameAs(sink);
    assertThat(o.getTracePropagationTargets()).isNull();
  }

  private TracingOptions read(Map<String, String> environment) {
    TracingOptions[] seen = new TracingOptions[1];
    Tracer.create(
        options -> {
          seen[0] = options;
          options.setSink(test.sink);
        },
        environment::get);
    return seen[0];
  }

  @Test
  void theEnvironmentSetsWhatCodeDoesNot() {
    TracingOptions options =
        read(
            Map.of(
                "SENTRY_DSN", " " + TestTracer.DSN + " ",
                "SENTRY_ENVIRONMENT", "staging",
                "SENTRY_RELEASE", "shop@2",
                "SENTRY_TRACES_SAMPLE_RATE", "0.25",
                "SENTRY_TRACE_LIFECYCLE", "Static",
                "SENTRY_DEBUG", "true",
                "SENTRY_SPOTLIGHT", "http://here:1/stream"));
    assertThat(options.getDsn()).isEqualTo(TestTracer.DSN);
    assertThat(options.getEnvironment()).isEqualTo("staging");
    assertThat(options.getRelease()).isEqualTo("shop@2");
    assertThat(options.getTracesSampleRate()).isEqualTo(0.25);
    assertThat(options.getTraceLifecycle()).isEqualTo(TraceLifecycle.STATIC);
    assertThat(options.getDebug()).isTrue();
    assertThat(options.getSpotlight()).isEqualTo("http://here:1/stream");
  }

  @Test
  void codeBeatsTheEnvironmentAndBlankVariablesCountAsUnset() {
    Tracer tracer =
        test.with(
            Map.of("SENTRY_TRACES_SAMPLE_RATE", "0.0", "SENTRY_ENVIRONMENT", " "), options -> {});
    tracer.startSpan("s").end();
    assertThat(test.sent("s")).containsEntry("sentry.environment", "production");
  }

  @ParameterizedTest(name = "SENTRY_SPOTLIGHT={0} is {1}")
  @CsvSource({
    "true, http://localhost:8969/stream",
    "1, http://localhost:8969/stream",
    "on, http://localhost:8969/stream",
    "false,",
    "0,",
    "OFF,",
    "https://a/s, https://a/s",
  })
  void spotlightIsASwitchOrAUrl(String text, String url) {
    assertThat(read(Map.of("SENTRY_SPOTLIGHT", text)).getSpotlight()).isEqualTo(url);
  }

  @ParameterizedTest(name = "SENTRY_DEBUG={0} is {1}")
  @CsvSource({"true, true", "YES, true", "1, true", "y, true", "no, false", "maybe, false"})
  void debugIsASwitch(String text, boolean on) {
    assertThat(read(Map.of("SENTRY_DEBUG", text)).getDebug()).isEqualTo(on);
  }

  @Test
  void theEnvironmentIsCheckedToo() {
    assertThatThrownBy(() -> read(Map.of("SENTRY_TRACES_SAMPLE_RATE", "much")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("SENTRY_TRACES_SAMPLE_RATE is 'much'; set it to a number from 0.0 to 1.0");
    assertThatThrownBy(() -> read(Map.of("SENTRY_TRACES_SAMPLE_RATE", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tracesSampleRate is 2.0; set it to");
    assertThatThrownBy(() -> read(Map.of("SENTRY_TRACE_LIFECYCLE", "batch")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("SENTRY_TRACE_LIFECYCLE is 'batch'; set it to stream or static");
  }

  @Test
  void staticDisablesTheTracerWithOneWarning() {
    Tracer tracer = test.with(options -> options.setTraceLifecycle(TraceLifecycle.STATIC));
    tracer.startSpan("s").end();
    tracer.startSpan("s").end();
    assertThat(tracer.isEnabled()).isFalse();
    assertThat(tracer.stats().started()).isZero();
    assertThat(test.logs)
        .containsExactly(
            "WARNING traceLifecycle is STATIC: this SDK only streams, so no span is recorded."
                + " Leave it at STREAM.");
  }

  @Test
  void aDsnWithoutAnythingToSendWithThrowsAndNamesTheArtifact() {
    assertThatThrownBy(
            () ->
                test.with(
                    o -> {
                      o.setSink(null);
                      o.setDsn(TestTracer.DSN);
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("There is a DSN, but nothing on the class path can send spans")
        .hasMessageContaining("dev.spanstream:spanstream-coroutines");
  }

  @Test
  void spotlightWithNothingToSendWithIsAWarningAndNotAFailure() {
    List<Tracer> tracers =
        List.of(
            test.with(
                o -> {
                  o.setSink(null);
                  o.setSpotlight("http://localhost/");
                }),
            test.with(Map.of("SENTRY_SPOTLIGHT", "1"), o -> o.setSink(null)));
    for (Tracer tracer : tracers) {
      tracer.startSpan("s").end();
      assertThat(tracer.isEnabled()).isFalse();
      assertThat(tracer.traceHeaders()).containsKey("sentry-trace");
    }
    assertThat(test.logs)
        .hasSize(2)
        .allMatch(line -> line.startsWith("WARNING Spotlight is on"))
        .allMatch(line -> line.contains("spanstream-coroutines"));
  }

  @Test
  void spotlightBesideASinkIsNoReasonToWarn() {
    test.with(o -> o.setSpotlight("http://localhost/")).startSpan("s").end();
    assertThat(test.sink.spans()).hasSize(1);
    assertThat(test.logs).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void anEmptyDsnIsLegalAndSendsNothing(String dsn) {
    Tracer tracer =
        test.with(
            o -> {
              o.setSink(null);
              o.setDsn(dsn);
            });
    assertThat(tracer.isEnabled()).isFalse();
    assertThat(tracer.traceHeaders()).containsKey("sentry-trace");
  }
}

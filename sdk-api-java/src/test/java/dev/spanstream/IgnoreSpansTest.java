package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spanstream.sink.DropReason;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which spans the rules take out, and where their children go (sdk/telemetry/spans, "Filtering").
 */
class IgnoreSpansTest {
  private static final Map<String, Object> START = Map.of("op", "http", "n", 5, "l", List.of("a"));

  @RegisterExtension final TestTracer test = new TestTracer();

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(IgnoreSpanRule.named("GET /health"), true),
        Arguments.of(IgnoreSpanRule.named("GET /heal"), false),
        Arguments.of(IgnoreSpanRule.named("get /health"), false),
        Arguments.of(IgnoreSpanRule.namedLike("health"), true),
        Arguments.of(IgnoreSpanRule.namedLike("GET /health"), true),
        Arguments.of(IgnoreSpanRule.namedLike("wealth"), false),
        Arguments.of(IgnoreSpanRule.matching(Pattern.compile("GET .*")), true),
        Arguments.of(IgnoreSpanRule.matching(Pattern.compile("GET")), false),
        Arguments.of(IgnoreSpanRule.withAttribute("op", "http"), true),
        Arguments.of(IgnoreSpanRule.withAttribute("op", "htt"), false),
        Arguments.of(IgnoreSpanRule.withAttribute("n", 5), true),
        Arguments.of(IgnoreSpanRule.withAttribute("n", 5L), true),
        Arguments.of(IgnoreSpanRule.withAttribute("n", "5"), false),
        Arguments.of(IgnoreSpanRule.withAttribute("n", 5.0), false),
        Arguments.of(IgnoreSpanRule.withAttribute("l", new String[] {"a"}), true),
        Arguments.of(IgnoreSpanRule.withAttribute("absent", "x"), false),
        Arguments.of(IgnoreSpanRule.withAttribute("op", Pattern.compile("h.*")), true),
        Arguments.of(IgnoreSpanRule.withAttribute("op", (Object) Pattern.compile("h.*")), true),
        Arguments.of(IgnoreSpanRule.withAttribute("op", Pattern.compile("h")), false),
        Arguments.of(IgnoreSpanRule.withAttribute("n", Pattern.compile("5")), false),
        Arguments.of(
            IgnoreSpanRule.namedLike("GET").and(IgnoreSpanRule.withAttribute("op", "http")), true),
        Arguments.of(
            IgnoreSpanRule.namedLike("GET").and(IgnoreSpanRule.withAttribute("op", "rpc")), false));
  }

  @ParameterizedTest(name = "{0}: ignored {1}")
  @MethodSource("rules")
  void aRuleMatchesWhatItSays(IgnoreSpanRule rule, boolean ignored) {
    Tracer tracer = test.with(options -> options.setIgnoreSpans(List.of(rule)));
    try (Span span = tracer.startSpan("GET /health", START)) {
      assertThat(span.isSampled()).isEqualTo(!ignored);
    }
  }

  @Test
  void anIgnoredServiceSpanTakesItsWholeTreeAlongOneReportASpan() {
    Tracer tracer =
        test.with(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("out"))));
    try (Span service = tracer.startSpan("out");
        Span child = tracer.startSpan("child");
        Span grandchild = tracer.startSpan("grandchild")) {
      assertThat(List.of(service, child, grandchild)).noneMatch(Span::isSampled);
    }
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.IGNORED, 3L));
  }

  @Test
  void anIgnoredChildIsIgnoredAlone() {
    Tracer tracer =
        test.with(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("out"))));
    try (Span service = tracer.startSpan("service");
        Span ignored = tracer.startSpan("out");
        Span child = tracer.startSpan("child")) {
      assertThat(child.getParentSpanId()).isEqualTo(service.getSpanId());
      assertThat(ignored.isSampled()).isFalse();
    }
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.IGNORED, 1L));
  }

  @Test
  void rulesDoNotSeeWhatComesLater() {
    Tracer tracer =
        test.with(
            options ->
                options.setIgnoreSpans(
                    List.of(
                        IgnoreSpanRule.named("late"),
                        IgnoreSpanRule.withAttribute("status", 404))));
    try (Span span = tracer.startSpan("early")) {
      span.setName("late").setAttribute("status", 404);
    }
    assertThat(test.sink.named("late")).hasSize(1);
  }

  @Test
  void rulesComeBeforeTheSampler() {
    Tracer tracer =
        test.with(
            options -> {
              options.setIgnoreSpans(List.of(IgnoreSpanRule.named("out")));
              options.setTracesSampler(
                  context -> {
                    throw new AssertionError("asked for an ignored span");
                  });
            });
    tracer.startSpan("out").end();
    assertThat(test.logs).isEmpty();
    assertThat(tracer.stats().dropped()).isEqualTo(Map.of(DropReason.IGNORED, 1L));
  }

  @Test
  void aPatternThatOverflowsTheStackDoesNotMatchAndDoesNotThrow() {
    IgnoreSpanRule catastrophic = IgnoreSpanRule.matching(Pattern.compile("(a|b)*c"));
    Tracer tracer =
        test.with(
            options -> {
              options.setMaxAttributeValueLength(1_000_000);
              options.setIgnoreSpans(List.of(catastrophic, IgnoreSpanRule.namedLike("never")));
            });
    tracer.startSpan("ab".repeat(200_000)).end();
    assertThat(test.sink.spans()).hasSize(1);
    assertThat(test.logs).hasSize(1).first().asString().contains("matching((a|b)*c) failed");
  }

  @Test
  void debugSaysWhichRuleItWas() {
    Tracer tracer =
        test.with(
            options -> {
              options.setDebug(true);
              options.setIgnoreSpans(
                  List.of(
                      IgnoreSpanRule.named("other"),
                      IgnoreSpanRule.namedLike("o")
                          .and(IgnoreSpanRule.withAttribute("n", 1))
                          .and(IgnoreSpanRule.withAttribute("s", Pattern.compile("x+")))));
            });
    tracer.startSpan("out", Map.of("n", 1, "s", "xx")).end();
    assertThat(test.logs)
        .contains(
            "INFO Span 'out' is ignored by namedLike(\"o\").and(withAttribute(\"n\", 1))"
                + ".and(withAttribute(\"s\", x+))");
  }

  @Test
  void factoriesRefuseWhatWouldMatchEverythingOrNothing() {
    assertThatThrownBy(() -> IgnoreSpanRule.named(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("named(\"\") would match no span; give the name");
    assertThatThrownBy(() -> IgnoreSpanRule.namedLike(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("namedLike(\"\") would match every span; give a part of the name");
  }

  @Test
  void factoriesRefuseNullByName() {
    IgnoreSpanRule rule = IgnoreSpanRule.named("x");
    assertThatThrownBy(() -> IgnoreSpanRule.named(null)).hasMessage("name");
    assertThatThrownBy(() -> IgnoreSpanRule.namedLike(null)).hasMessage("part");
    assertThatThrownBy(() -> IgnoreSpanRule.matching(null)).hasMessage("name");
    assertThatThrownBy(() -> IgnoreSpanRule.withAttribute(null, "x")).hasMessage("key");
    assertThatThrownBy(() -> IgnoreSpanRule.withAttribute("k", (Object) null)).hasMessage("value");
    assertThatThrownBy(() -> IgnoreSpanRule.withAttribute("k", (Pattern) null)).hasMessage("value");
    assertThatThrownBy(() -> IgnoreSpanRule.withAttribute(null, Pattern.compile("x")))
        .hasMessage("key");
    assertThatThrownBy(() -> rule.and(null)).hasMessage("other");
  }
}

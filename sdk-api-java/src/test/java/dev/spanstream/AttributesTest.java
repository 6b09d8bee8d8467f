package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

// One long file because it is one table, of types and what becomes of them.

/** What may be set on a span, and what becomes of everything else. */
class AttributesTest {
  private static final int LIMIT = 20;

  @RegisterExtension final TestTracer test = new TestTracer();

  private static Arguments becomes(String name, Object given, Object expected) {
    return Arguments.argumentSet(name, given, expected);
  }

  static Stream<Arguments> values() {
    List<Object> selfContaining = new ArrayList<>();
    selfContaining.add(selfContaining);
    Object[] selfArray = new Object[1];
    selfArray[0] = selfArray;
    Map<String, Object> selfMap = new HashMap<>();
    List<Object> viaList = List.of(selfMap);
    selfMap.put("k", viaList);
    return Stream.of(
        becomes("string", "text", "text"),
        becomes("empty string", "", ""),
        becomes("StringBuilder", new StringBuilder("text"), "text"),
        becomes("char", 'c', "c"),
        becomes("enum", TimeUnit.SECONDS, "SECONDS"),
        becomes("boolean", true, true),
        becomes("byte", (byte) -1, -1L),
        becomes("short", (short) 2, 2L),
        becomes("int", 3, 3L),
        becomes("long", Long.MIN_VALUE, Long.MIN_VALUE),
        becomes("float", 0.5f, 0.5),
        becomes("double", 1.5, 1.5),
        becomes("NaN", Double.NaN, "NaN"),
        becomes("infinity", Double.POSITIVE_INFINITY, "Infinity"),
        becomes("negative infinity", Float.NEGATIVE_INFINITY, "-Infinity"),
        becomes("BigInteger", BigInteger.TWO.pow(64), "18446744073709551616"),
        becomes("BigDecimal", new BigDecimal("1.50"), "1.50"),
        becomes("map", Map.of("a", 1), "{a=1}"),
        becomes("string[]", new String[] {"a", "b"}, List.of("a", "b")),
        becomes("int[]", new int[] {1, 2}, List.of(1L, 2L)),
        becomes("byte[]", new byte[] {1}, List.of(1L)),
        becomes("char[]", new char[] {'x'}, List.of("x")),
        becomes("double[]", new double[] {1, 2.5}, List.of(1.0, 2.5)),
        becomes("boolean[]", new boolean[] {true}, List.of(true)),
        becomes("list", List.of(1, 2L, (short) 3), List.of(1L, 2L, 3L)),
        becomes("set", new TreeSet<>(List.of("b", "a")), List.of("a", "b")),
        becomes("integers and doubles", List.of(1, 2.5), List.of(1.0, 2.5)),
        becomes("enums and strings", List.of("a", TimeUnit.DAYS), List.of("a", "DAYS")),
        becomes("empty list", List.of(), List.of()),
        becomes("boxed nulls", new Integer[] {1, null, 2}, List.of(1L, 2L)),
        becomes("only nulls", Arrays.asList(null, null), List.of()),
        becomes("NaNs", new double[] {Double.NaN}, List.of("NaN")),
        becomes("number and NaN", new double[] {1, Double.NaN}, "[1.0, NaN]"),
        becomes("mixed list", List.of(1, "a"), "[1, a]"),
        becomes("mixed array", new Object[] {true, 1}, "[true, 1]"),
        becomes("nested list", List.of(List.of(1)), "[[1]]"),
        becomes("nested array", new int[][] {{1}, {2}}, "[[1], [2]]"),
        becomes("list in itself", selfContaining, "[[(this Collection)…"),
        becomes("array in itself", selfArray, "[[[...]]]"),
        becomes("map in itself", selfMap, "(unreadable java.ut…"),
        becomes("as long as allowed", "x".repeat(LIMIT), "x".repeat(LIMIT)),
        becomes("too long", "x".repeat(LIMIT + 1), "x".repeat(LIMIT - 1) + "…"),
        becomes("huge", "x".repeat(10_000_000), "x".repeat(LIMIT - 1) + "…"),
        becomes("cut in a pair", "x".repeat(LIMIT - 2) + "😀y", "x".repeat(LIMIT - 2) + "…"),
        becomes(
            "too long in a list", List.of("x".repeat(50)), List.of("x".repeat(LIMIT - 1) + "…")),
        becomes("pair", "😀", "😀"),
        becomes("lone high surrogate", "a\uD800b", "a\uFFFDb"),
        becomes("high surrogate at the end", "a\uD83D", "a\uFFFD"),
        becomes("lone low surrogate", "\uDE00", "\uFFFD"),
        becomes("pair after a lone one", "\uD800😀", "\uFFFD😀"),
        becomes("two high ones", "\uD83D\uD83D\uDE00", "\uFFFD😀"),
        becomes("low one after a lone one", "\uD800x\uDE00", "\uFFFDx\uFFFD"),
        becomes("toString of null", new Hostile(null), "(unreadable dev.spa…"),
        becomes(
            "throwing toString", new Hostile(new IllegalStateException()), "(unreadable dev.spa…"),
        becomes(
            "toString without stack",
            new Hostile(new StackOverflowError()),
            "(unreadable dev.spa…"),
        becomes("throwing in a list", List.of(new Hostile(new Error())), "(unreadable java.ut…"));
  }

  private record Hostile(Throwable thrown) {
    @Override
    public String toString() {
      if (thrown instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      return null;
    }
  }

  private Tracer limited() {
    return test.with(options -> options.setMaxAttributeValueLength(LIMIT));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueBecomesOneOfTheKindsOfTheProtocolWhenItIsSet(Object given, Object expected) {
    Map<String, Object> map = new HashMap<>();
    map.put("k", given);
    Tracer tracer = limited();
    try (Span span = tracer.startSpan("set")) {
      span.setAttribute("k", given);
      assertThat(span.getAttributes()).isEqualTo(Map.of("k", expected));
    }
    tracer.startSpan("start", map).end();
    tracer.spanBuilder("built").setAttribute("k", given).startSpan().end();
    tracer.run("map", span -> span.setAttributes(map));
    try (Isolation isolation = Traces.isolate()) {
      Traces.setAttribute("k", given);
      tracer.startSpan("scope").end();
    }
    try (Isolation isolation = Traces.isolate()) {
      Traces.setAttributes(map);
      tracer.startSpan("scope map").end();
    }
    assertThat(test.sink.spans()).hasSize(6);
    assertThat(test.sink.spans())
        .allSatisfy(
            span ->
                assertThat(span.getSentAttributes())
                    .as(span.getName())
                    .containsEntry("k", expected));
  }

  @Test
  void theTypedSettersDoTheSame() {
    try (Span span = test.recording().startSpan("s")) {
      span.setAttribute("string", "a").setAttribute("long", 1L).setAttribute("int", 2);
      span.setAttribute("double", 1.5).setAttribute("float", 0.5f).setAttribute("boolean", true);
      span.setAttribute("nan", Double.NaN);
      assertThat(span.getAttributes())
          .isEqualTo(
              Map.of(
                  "string", "a", "long", 1L, "int", 2L, "double", 1.5, "float", 0.5, "boolean",
                  true, "nan", "NaN"));
    }
  }

  @Test
  void nullRemovesNothingAndSetsNothingWithADebugLog() {
    Tracer tracer = test.with(options -> options.setDebug(true));
    try (Span span = tracer.startSpan("s")) {
      span.setAttribute("k", 1).setAttribute("k", (Object) null).setAttribute("k", (String) null);
      span.setAttribute(null, "v").removeAttribute(null);
      assertThat(span.getAttributes()).isEqualTo(Map.of("k", 1L));
    }
    assertThat(test.logs).hasSize(3).allMatch(line -> line.contains("A null for attribute"));
  }

  @Test
  void nullsInAMapOrAtTheStartAreLoggedToo() {
    Tracer tracer = test.with(options -> options.setDebug(true));
    Map<String, Object> holes = new HashMap<>();
    holes.put("k", null);
    holes.put(null, "v");
    tracer.startSpan("s", holes).setAttributes(holes).end();
    tracer.spanBuilder("b").setAttribute("k", null).setAttributes(holes).startSpan().end();
    assertThat(test.sink.spans()).allMatch(span -> !span.getSentAttributes().containsKey("k"));
    assertThat(test.logs).hasSize(7).allMatch(line -> line.contains("A null for attribute"));
  }

  /** As a map is that another thread fills: there already, and not yet counted. */
  @Test
  void whatAMapHoldsThatSaysItIsEmptyDoesNotGoToSpansWithoutAttributes() {
    Map<String, Object> filling =
        new HashMap<>(Map.of("secret", "of one")) {
          @Override
          public boolean isEmpty() {
            return true;
          }
        };
    Tracer tracer = test.recording();
    tracer.startSpan("a", filling).setAttributes(filling).end();
    Traces.currentScope().setAttributes(filling);
    Traces.currentScope().clear();
    tracer.startSpan("b").end();
    assertThat(test.sink.only("b").getSentAttributes()).doesNotContainKey("secret");
  }

  @Test
  void aMapMayHoldNullsAndThrowHalfway() {
    Map<String, Object> nulls = new HashMap<>();
    nulls.put("k", 1);
    nulls.put("n", null);
    nulls.put(null, 2);
    Map<String, Object> throwing =
        new java.util.AbstractMap<>() {
          @Override
          public java.util.Set<Entry<String, Object>> entrySet() {
            return new java.util.AbstractSet<>() {
              @Override
              public java.util.Iterator<Entry<String, Object>> iterator() {
                return Stream.concat(
                        Stream.of(Map.entry("first", (Object) 1)),
                        Stream.<Entry<String, Object>>generate(
                            () -> {
                              throw new IllegalStateException();
                            }))
                    .iterator();
              }

              @Override
              public int size() {
                return 2;
              }
            };
          }
        };
    try (Span span = test.recording().startSpan("s", nulls)) {
      assertThat(span.getAttributes()).isEqualTo(Map.of("k", 1L));
      span.setAttributes(throwing).setAttributes(null);
      assertThat(span.getAttributes()).isEqualTo(Map.of("k", 1L, "first", 1L));
    }
  }

  @Test
  void valuesAreCopiedSoLaterChangesOfTheUserDoNotShow() {
    List<String> list = new ArrayList<>(List.of("a"));
    int[] array = {1};
    StringBuilder text = new StringBuilder("a");
    try (Span span = test.recording().startSpan("s")) {
      span.setAttribute("list", list).setAttribute("array", array).setAttribute("text", text);
      list.add("b");
      array[0] = 2;
      text.append('b');
      assertThat(span.getAttributes())
          .isEqualTo(Map.of("list", List.of("a"), "array", List.of(1L), "text", "a"));
    }
  }

  @Test
  void aSnapshotIsUnmodifiableAndDoesNotFollowTheSpan() {
    try (Span span = test.recording().startSpan("s", Map.of("l", List.of(1)))) {
      Map<String, Object> before = span.getAttributes();
      span.setAttribute("k", 1);
      assertThat(before).containsOnlyKeys("l");
      assertThatThrownBy(() -> before.put("x", 1)).isInstanceOf(RuntimeException.class);
      assertThatThrownBy(() -> ((List<?>) before.get("l")).clear())
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void attributesCanBeReplacedAndRemovedInAnyOrder() {
    try (Span span = test.recording().startSpan("s")) {
      IntStream.range(0, 20).forEach(i -> span.setAttribute("k" + i, i));
      span.setAttribute("k7", "seven").removeAttribute("k0").removeAttribute("k19");
      span.removeAttribute("k10").removeAttribute("absent");
      assertThat(span.getAttributes())
          .hasSize(17)
          .containsEntry("k7", "seven")
          .doesNotContainKeys("k0", "k10", "k19");
      assertThat(span.getAttributes().keySet()).startsWith("k1", "k2").endsWith("k17", "k18");
    }
  }

  @Test
  void keysAreMadeWellFormedTheSameWayEverywhere() {
    try (Span span = test.recording().startSpan("s", Map.of("a\uD800", 1))) {
      assertThat(span.getAttributes()).containsOnlyKeys("a\uFFFD");
      assertThat(span.setAttribute("a\uD800", 2).getAttributes()).hasSize(1);
      assertThat(span.removeAttribute("a\uD800").getAttributes()).isEmpty();
    }
  }

  @Test
  void anEndlessCollectionIsReadTo1024Elements() {
    List<Integer> endless = Collections.nCopies(Integer.MAX_VALUE, 1);
    try (Span span = test.recording().startSpan("s")) {
      span.setAttribute("k", endless).setAttribute("a", new int[5_000]);
      assertThat((List<?>) span.getAttributes().get("k")).hasSize(1_024);
      assertThat((List<?>) span.getAttributes().get("a")).hasSize(1_024);
    }
  }

  @Test
  void namesAreWellFormedAndCutLikeValues() {
    Tracer tracer = limited();
    try (Span span = tracer.startSpan("a\uD800")) {
      assertThat(span.getName()).isEqualTo("a\uFFFD");
      assertThat(span.setName("x".repeat(50)).getName()).isEqualTo("x".repeat(LIMIT - 1) + "…");
    }
    try (Span span = tracer.startSpan(null)) {
      assertThat(span.getName()).isEmpty();
      assertThat(span.setName("n").setName(null).getName()).isEqualTo("n");
    }
  }

  @Test
  void linksFollowTheRulesToo() {
    SpanLink link =
        new SpanLink(
            TestTracer.TRACE_ID, TestTracer.SPAN_ID, true, Map.of("k", "x".repeat(50), "n", 1));
    assertThat(link.attributes()).isEqualTo(Map.of("k", "x".repeat(50), "n", 1L));
    try (Span span = limited().startSpan("s")) {
      span.addLink(link).addLink((SpanLink) null).addLink((Span) null);
    }
    assertThat(test.only("s").getLinks())
        .containsExactly(
            new SpanLink(
                TestTracer.TRACE_ID,
                TestTracer.SPAN_ID,
                true,
                Map.of("k", "x".repeat(LIMIT - 1) + "…", "n", 1L)));
  }

  @Test
  void aLinkRefusesIdsThatAreNone() {
    for (String id : Arrays.asList(null, "", "abc", "0".repeat(32), "A".repeat(32))) {
      assertThatThrownBy(() -> SpanLink.to(id, TestTracer.SPAN_ID))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("traceId must be 32 lower-case hexadecimal digits, not all zero");
    }
    for (String id : Arrays.asList(null, "", "abc", "0".repeat(16), "A".repeat(16))) {
      assertThatThrownBy(() -> SpanLink.to(TestTracer.TRACE_ID, id))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("spanId must be 16 lower-case hexadecimal digits, not all zero");
    }
    assertThat(new SpanLink(TestTracer.TRACE_ID, TestTracer.SPAN_ID, null, null).attributes())
        .isEmpty();
  }

  @Test
  void aStatusIsSetByNameOrNotAtAll() {
    Tracer tracer = test.with(options -> options.setDebug(true));
    try (Span span = tracer.startSpan("s")) {
      assertThat(span.setStatus("error").getStatus()).isEqualTo(SpanStatus.ERROR);
      assertThat(span.setStatus("ok").getStatus()).isEqualTo(SpanStatus.OK);
      span.setStatus("error").setStatus("OK").setStatus("internal").setStatus((String) null);
      assertThat(span.setStatus((SpanStatus) null).getStatus()).isEqualTo(SpanStatus.ERROR);
    }
    assertThat(test.logs).hasSize(3).allMatch(line -> line.contains("neither ok nor error"));
  }
}

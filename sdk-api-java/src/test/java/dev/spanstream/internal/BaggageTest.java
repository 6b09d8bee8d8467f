package dev.spanstream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is read from a baggage header, and how one is written (sdk/foundations/trace-propagation).
 */
class BaggageTest {
  @ParameterizedTest(name = "''{0}'' is read as {1}={2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "sentry-trace_id=abc|trace_id|abc",
        " sentry-a = b |a|b",
        "sentry-a=b;property;p=1|a|b",
        "sentry-a=|a|''",
        "sentry-a=b=c|a|b=c",
        "sentry-a=%20%2C%3d%C3%A9|a|' ,=é'",
        "sentry-a=%F0%9F%98%80|a|😀",
        "sentry-a=+|a|+",
        "sentry-A.b~c=1|A.b~c|1",
      })
  void ourMembersAreReadWithoutPrefixAndDecoded(String header, String key, String value) {
    assertThat(Baggage.parse(header)).isEqualTo(Map.of(key, value));
  }

  @ParameterizedTest(name = "''{0}'' has nothing of ours")
  @ValueSource(
      strings = {
        "",
        ",",
        "=",
        "sentry-",
        "sentry-=x",
        "sentry-a",
        "a=b",
        "Sentry-a=b",
        "xsentry-a=b",
        "sentry-a=%",
        "sentry-a=%4",
        "sentry-a=%4g",
        "sentry-a=%g4",
        "sentry-a=%\u0664\u0661",
        "sentry-a=%ff",
        "sentry-a=%C3",
        "sentry-a=%ED%A0%80",
        "sentry-a=é",
        "sentry-a=b\u0001",
        "sentry-a=b c",
        "sentry-a b=c",
        "sentry-\u00e9=c",
        "sentry-a\"=c",
      })
  void malformedAndForeignMembersAreLeftOut(String header) {
    assertThat(Baggage.parse(header)).isEmpty();
  }

  @Test
  void severalHeadersAreJoinedByCommasAndGoodMembersSurviveBadOnes() {
    Map<String, String> read =
        Baggage.parse("sentry-a=1,bad, other=2,sentry-b=%zz,sentry-c=3,sentry-a=4");
    assertThat(read).containsExactly(Map.entry("a", "4"), Map.entry("c", "3"));
  }

  @Test
  void writingKeepsForeignMembersOfThisRequestAndReplacesOurOldOnes() {
    Map<String, String> context = new LinkedHashMap<>();
    context.put("trace_id", "abc");
    context.put("release", "a b,c=é");
    String header = Baggage.write(context, "other=1;p=2 ,sentry-trace_id=old, ,third = %20");
    assertThat(header)
        .isEqualTo("sentry-trace_id=abc,sentry-release=a%20b%2Cc%3D%C3%A9,other=1;p=2,third = %20");
  }

  @Test
  void nothingIsWrittenAsNothing() {
    assertThat(Baggage.write(Map.of(), null)).isEmpty();
    assertThat(Baggage.write(Map.of(), "other=1")).isEqualTo("other=1");
    assertThat(Baggage.write(Map.of("bad key", "x", "", "y"), null)).isEmpty();
  }

  @Test
  void aLoneSurrogateCannotBreakTheHeader() {
    assertThat(Baggage.write(Map.of("a", "x\uD800y"), null)).isEqualTo("sentry-a=x%3Fy");
  }

  @Test
  void beyond64MembersMembersAreLeftOutOursFirst() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      many.put("k" + i, "v");
    }
    List<String> foreign = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      foreign.add("f" + i + "=v");
    }
    String header = Baggage.write(many, String.join(",", foreign));
    assertThat(header.split(",")).hasSize(64).startsWith("sentry-k0=v").endsWith("f3=v");
    String joined = header.replace("f", "sentry-f") + ",sentry-z=1";
    assertThat(Baggage.parse(joined)).hasSize(64).doesNotContainKey("z");
  }

  @ParameterizedTest(name = "a value of {0} characters fits: {1}")
  @CsvSource({"8183, true", "8184, false"})
  void beyond8192BytesMembersAreLeftOutWhole(int length, boolean fits) {
    String value = "v".repeat(length);
    String header = "sentry-a=" + value;
    assertThat(Baggage.write(Map.of("a", value), null)).isEqualTo(fits ? header : "");
    assertThat(Baggage.parse(header)).isEqualTo(fits ? Map.of("a", value) : Map.of());
  }

  @Test
  void aMemberThatDoesNotFitLeavesRoomForALaterOne() {
    assertThat(Baggage.parse("sentry-big=" + "v".repeat(8_192) + ",sentry-small=1"))
        .isEqualTo(Map.of("small", "1"));
  }

  @Test
  void whatGrowsWhenItIsWrittenIsMeasuredAsItWillBeWritten() {
    String header = "sentry-a=" + "!".repeat(5_000);
    Map<String, String> read = Baggage.parse(header);
    assertThat(Baggage.parse(Baggage.write(read, null))).isEqualTo(read);
  }

  @Property
  void whateverIsReadAndWrittenIsReadAsTheSame(@ForAll("headers") String header) {
    Map<String, String> read = Baggage.parse(header);
    String written = Baggage.write(read, null);
    assertThat(written.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(8_192);
    assertThat(written).matches("[\\x21-\\x7e]*");
    assertThat(Baggage.parse(written)).containsExactlyEntriesOf(read);
  }

  @Property
  void whateverIsWrittenIsRead(@ForAll("contexts") Map<String, String> context) {
    assertThat(Baggage.parse(Baggage.write(context, "other=1"))).isEqualTo(context);
  }

  @Property
  void noInputThrows(@ForAll String header, @ForAll String existing) {
    Baggage.write(Baggage.parse(header), existing);
  }

  @Provide
  Arbitrary<Map<String, String>> contexts() {
    Arbitrary<String> keys =
        Arbitraries.strings().alpha().numeric().withChars("_.-").ofMinLength(1).ofMaxLength(20);
    Arbitrary<String> values =
        Arbitraries.strings()
            .ofMaxLength(20)
            .filter(
                text -> text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF));
    return Arbitraries.maps(keys, values).ofMaxSize(20);
  }

  /** Made of the pieces that matter, so that most of them have something to read. */
  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.of(
            "sentry-",
            "a",
            "b",
            "=",
            ",",
            ";",
            "%",
            "%41",
            "%C3%A9",
            "%2C",
            "\u00e9",
            " ",
            "\"",
            "!".repeat(900),
            "sentry-k=v,",
            "\uD800",
            "\\",
            "other=1,")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }
}

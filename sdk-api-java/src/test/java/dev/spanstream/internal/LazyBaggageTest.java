package dev.spanstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member that is looked up in the text is the one that reading all of it would have found. */
class LazyBaggageTest {
  private static final int PATIENCE = 100;

  @Property
  void whatIsFoundInTheTextIsWhatReadingItAllFinds(@ForAll("headers") String header) {
    Map<String, String> eager = Baggage.parse(header);
    Map<String, String> lazy = Baggage.parseLazily(header);
    Statistics.label("kept as text")
        .collect(lazy instanceof LazyBaggage)
        .coverage(
            coverage -> {
              coverage.check(true).percentage(some -> some > 20);
              coverage.check(false).percentage(some -> some > 20);
            });
    for (String key : new String[] {"a", "b", "key", "none", "", "a b"}) {
      assertThat(lazy.get(key)).as("%s in the text", key).isEqualTo(eager.get(key));
      assertThat(lazy.containsKey(key)).isEqualTo(eager.containsKey(key));
    }
    assertThat(lazy).containsExactlyEntriesOf(eager);
    for (String key : eager.keySet()) {
      assertThat(lazy.get(key)).as("%s when all is read", key).isEqualTo(eager.get(key));
      assertThat(Baggage.parseLazily(header).get(key)).isEqualTo(eager.get(key));
    }
  }

  @ParameterizedTest(name = "{0} times ''{1}'' is kept as text: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "64|sentry-k=v|true",
        "65|sentry-k=v|false",
        "1|,|true",
        "65|other=1|false",
      })
  void onlyWhatCannotPassTheLimitsIsKeptAsText(int times, String member, boolean kept) {
    String header = String.join(",", Collections.nCopies(times, member));
    assertThat(Baggage.parseLazily(header) instanceof LazyBaggage).isEqualTo(kept);
  }

  @ParameterizedTest(name = "a header of {0} characters is kept as text: {1}")
  @CsvSource({"2730, true", "2731, false"})
  void aHeaderThatMightNotFitWhenItIsWrittenIsReadAtOnce(int length, boolean kept) {
    String header = "sentry-a=" + "!".repeat(length - "sentry-a=".length());
    Map<String, String> lazy = Baggage.parseLazily(header);
    assertThat(lazy instanceof LazyBaggage).isEqualTo(kept);
    assertThat(lazy.get("a")).isEqualTo(Baggage.parse(header).get("a"));
  }

  @Test
  void neitherReadingCanBeModified() {
    for (String header : new String[] {"sentry-a=1", "sentry-a=1" + " ".repeat(3_000)}) {
      Map<String, String> read = Baggage.parseLazily(header);
      assertThatThrownBy(() -> read.put("a", "2"))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> read.remove("a")).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> read.entrySet().clear())
          .isInstanceOf(UnsupportedOperationException.class);
      assertThat(read).containsExactly(Map.entry("a", "1"));
    }
  }

  @Test
  void aLongHeaderIsNotKeptWithWhatWasReadFromIt() {
    String header = "sentry-a=1,other=" + "x".repeat(65_536);
    WeakReference<String> whole = new WeakReference<>(header);
    Map<String, String> read = Baggage.parseLazily(header);
    header = null;
    for (int i = 0; i < PATIENCE && whole.get() != null; i++) {
      System.gc();
    }
    assertThat(whole.get() == null).as("64 KiB are no longer held").isTrue();
    assertThat(read).containsEntry("a", "1");
  }

  /** Of the pieces that matter; some so long or so many that the limits leave members out. */
  @Provide
  Arbitrary<String> headers() {
    Arbitrary<String> keys =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.of("a", "b", " key ", "a b", "", "\u00e9")),
            Tuple.of(4, Arbitraries.integers().between(0, 99).map(i -> "k" + i)));
    Arbitrary<String> values =
        Arbitraries.of(
            "1",
            "",
            " v ",
            "%41",
            "%C3%A9",
            "%C3",
            "%zz",
            "%4",
            "\u00e9",
            "x y",
            "p;q=1",
            "a=b",
            "!".repeat(300));
    Arbitrary<String> members =
        Arbitraries.frequencyOf(
            Tuple.of(
                8,
                Combinators.combine(keys, values)
                    .as((key, value) -> " sentry-" + key + "=" + value)),
            Tuple.of(1, Arbitraries.of("", "other=1", "sentry-a", "=", "sentry-")));
    return Arbitraries.oneOf(
            members.list().ofMaxSize(8), members.list().ofMinSize(50).ofMaxSize(120))
        .map(list -> String.join(",", list));
  }
}

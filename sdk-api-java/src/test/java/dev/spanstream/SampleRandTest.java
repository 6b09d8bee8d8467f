package dev.spanstream;

import static dev.spanstream.TestTracer.SPAN_ID;
import static dev.spanstream.TestTracer.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.internal.Baggage;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One number a trace, six decimals, which never contradicts the decision
 * (sdk/foundations/trace-propagation).
 */
class SampleRandTest {
  private static double continued(String flag, String baggage) {
    TraceParent parent = TraceParent.fromSentryTrace(TRACE_ID + "-" + SPAN_ID + flag);
    assertThat(parent).isNotNull();
    return SampleRand.continued(parent, Baggage.parse(baggage));
  }

  @ParameterizedTest(name = "{0} is used as it came")
  @CsvSource({"0.104233", "0", "0.0", "0.999999", "0.1234567890123456", "1e-7"})
  void anIncomingNumberIsUsedAgain(String rand) {
    assertThat(continued("-1", "sentry-sample_rand=" + rand)).isEqualTo(Double.parseDouble(rand));
  }

  @ParameterizedTest(name = "sample_rand ''{0}'' counts as absent")
  @CsvSource({"1.0", "1", "-0.1", "abc", "NaN", "''", "0x1p-3", "0.5d", ".5"})
  void anInvalidNumberCountsAsAbsent(String rand) {
    assertThat(continued("-1", "sentry-sample_rate=0.01,sentry-sample_rand=" + rand))
        .isLessThan(0.01);
  }

  @Property
  void aDrawnNumberAgreesWithTheDecisionUpstream(
      @ForAll long high, @ForAll long low, @ForAll @IntRange(max = 1_000_000) int millionths) {
    String text = SampleRand.format(millionths / 1e6 - (millionths == 1_000_000 ? 1e-6 : 0));
    double rate = SampleRand.number(text);
    Map<String, String> received = Map.of("sample_rate", text);
    double sampled = SampleRand.continued(new TraceParent(high, low, 1, true), received);
    double unsampled = SampleRand.continued(new TraceParent(high, low, 1, false), received);
    assertThat(sampled).isGreaterThanOrEqualTo(0).isLessThan(rate == 0 ? 1 : rate);
    assertThat(unsampled).isGreaterThanOrEqualTo(rate).isLessThan(1);
  }

  @Property
  void aShortNumberIsReadAsTheNearestDouble(
      @ForAll @LongRange(max = 9) long whole,
      @ForAll @StringLength(min = 1, max = 20) @CharRange(from = '0', to = '9') String decimals) {
    String text = whole + "." + decimals;
    assertThat(SampleRand.number(text)).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest(name = "''{0}'' is no number")
  @ValueSource(strings = {"", "0.", ".5", "00.5", "0,5", "0.5 ", "0.\u0665", "0.1.2", "-0.5"})
  void whatIsNoDecimalIsNoNumber(String text) {
    assertThat(SampleRand.number(text)).isNaN();
  }

  @Property
  void whatIsPrintedIsWhatIsCompared(@ForAll @IntRange(max = 999_999) int millionths) {
    double rand = millionths / 1e6;
    assertThat(Double.parseDouble(SampleRand.format(rand))).isEqualTo(rand);
  }

  @Property
  void printingNeverRoundsUp(
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double rand) {
    assertThat(SampleRand.format(rand)).matches("0\\.[0-9]{6}");
    assertThat(Double.parseDouble(SampleRand.format(rand))).isLessThanOrEqualTo(rand);
  }

  @Test
  void anEmptyRangeCountsAsAbsent() {
    double absent = continued("", "");
    assertThat(continued("-1", "sentry-sample_rate=0")).isEqualTo(absent);
    assertThat(continued("-0", "sentry-sample_rate=1")).isEqualTo(absent);
  }

  @Test
  void withoutDecisionOrRateTheNumberFollowsTheTraceIdAlone() {
    double expected = continued("", "");
    assertThat(continued("", "sentry-sample_rate=0.000001")).isEqualTo(expected);
    assertThat(continued("-1", "")).isEqualTo(expected);
    assertThat(SampleRand.begun(0x771a43a4192642f0L, 0xb136d5159a501700L)).isEqualTo(expected);
  }

  @Test
  void numbersOfManyTracesAreSpreadEvenly() {
    int below = 0;
    for (int i = 0; i < 10_000; i++) {
      below += SampleRand.begun(i * 0x9E3779B97F4A7C15L, i) < 0.25 ? 1 : 0;
    }
    assertThat(below).isBetween(2_300, 2_700);
  }
}

package dev.spanstream;

import static dev.spanstream.TestTracer.SPAN_ID;
import static dev.spanstream.TestTracer.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a trace header, and what is none (sdk/foundations/trace-propagation). */
class SentryTraceHeaderTest {
  private static final String IDS = TRACE_ID + "-" + SPAN_ID;

  @ParameterizedTest(name = "flag ''{0}'' means sampled {1}")
  @CsvSource({"'',", "-1, true", "-0, false"})
  void idsAndFlagAreRead(String flag, Boolean sampled) {
    TraceParent parent = TraceParent.fromSentryTrace(IDS + flag);
    assertThat(parent)
        .isEqualTo(
            new TraceParent(
                0x771a43a4192642f0L, 0xb136d5159a501700L, 0x53995c3f42cd8ad8L, sampled));
    assertThat(parent.toSentryTrace()).isEqualTo(IDS + flag);
  }

  @ParameterizedTest(name = "''{0}'' is valid")
  @ValueSource(
      strings = {
        " \t" + TRACE_ID + "-" + SPAN_ID + "-1 \t",
        TRACE_ID + "-" + SPAN_ID + "-1,garbage",
        ",, ," + TRACE_ID + "-" + SPAN_ID + "-1 , " + TRACE_ID + "-1111111111111111-0",
      })
  void blanksAroundItAreIgnoredAndTheFirstOfSeveralValuesCounts(String header) {
    TraceParent parent = TraceParent.fromSentryTrace(header);
    assertThat(parent).isNotNull();
    assertThat(parent.toSentryTrace()).isEqualTo(IDS + "-1");
  }

  @ParameterizedTest(name = "''{0}'' is invalid")
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "-",
        "1",
        TRACE_ID,
        TRACE_ID + "-",
        TRACE_ID + SPAN_ID,
        TRACE_ID + "-" + SPAN_ID + "-",
        TRACE_ID + "-" + SPAN_ID + "-2",
        TRACE_ID + "-" + SPAN_ID + "-11",
        TRACE_ID + "-" + SPAN_ID + "_1",
        TRACE_ID + "_" + SPAN_ID + "-1",
        TRACE_ID + "-" + SPAN_ID + "-1-0123456789abcdef",
        TRACE_ID + "-" + SPAN_ID + "0-1",
        "771A43A4192642F0B136D5159A501700-53995c3f42cd8ad8-1",
        "771a43a4192642f0b136d5159a501700-53995C3F42CD8AD8-1",
        "771a43a4192642f0b136d5159a50170g-53995c3f42cd8ad8-1",
        "771a43a4192642f0b136d5159a501700-53995c3f42cd8adg-1",
        "00000000000000000000000000000000-53995c3f42cd8ad8-1",
        "771a43a4192642f0b136d5159a501700-0000000000000000-1",
        "\u0667\u0667\u0667a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-1",
        "xx771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-1",
      })
  void anythingElseIsNoHeader(String header) {
    assertThat(TraceParent.fromSentryTrace(header)).isNull();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01, true",
    "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-03, true",
    "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-00,",
    "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-02,",
    "' 00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01 ', true",
    "01-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01, true",
    "cc-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01-what-is-new, true",
  })
  void aTraceparentIsReadAndItsMissingFlagIsNoDecision(String header, Boolean sampled) {
    TraceParent parent = TraceParent.fromW3c(header);
    assertThat(parent).isNotNull();
    assertThat(parent.sampled()).isEqualTo(sampled);
    assertThat(parent.toSentryTrace()).startsWith(IDS);
  }

  @ParameterizedTest(name = "''{0}'' is no traceparent")
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01",
        "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01-more",
        "01-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01more",
        "00-771A43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01",
        "00-771a43a4192642f0b136d5159a501700-53995C3f42cd8ad8-01",
        "00-00000000000000000000000000000000-53995c3f42cd8ad8-01",
        "00-771a43a4192642f0b136d5159a501700-0000000000000000-01",
        "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-0x",
        "00-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8_01",
        "00-771a43a4192642f0b136d5159a501700_53995c3f42cd8ad8-01",
        "00_771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01",
        "0x-771a43a4192642f0b136d5159a501700-53995c3f42cd8ad8-01",
      })
  void anythingElseIsNoTraceparent(String header) {
    assertThat(TraceParent.fromW3c(header)).isNull();
  }

  @ParameterizedTest(name = "sampled {0} is written as {1}")
  @CsvSource({"true, 01", "false, 00", ", 00"})
  void aTraceparentIsWritten(Boolean sampled, String flag) {
    assertThat(new TraceParent(1, 2, 3, sampled).toW3c())
        .isEqualTo("00-00000000000000010000000000000002-0000000000000003-" + flag);
  }

  @Property
  void whateverIsWrittenIsReadAsTheSame(
      @ForAll long high, @ForAll long low, @ForAll long span, @ForAll byte flag) {
    Boolean sampled = flag == 0 ? null : (Boolean) (flag > 0);
    TraceParent parent = new TraceParent(high, low, span == 0 ? 1 : span, sampled);
    TraceParent expected = (high | low) == 0 ? null : parent;
    assertThat(TraceParent.fromSentryTrace(parent.toSentryTrace())).isEqualTo(expected);
  }

  @Property
  void whateverIsReadAndWrittenIsReadAsTheSame(@ForAll("almostHeaders") String header) {
    TraceParent first = TraceParent.fromSentryTrace(header);
    if (first != null) {
      assertThat(TraceParent.fromSentryTrace(first.toSentryTrace())).isEqualTo(first);
    }
    TraceParent w3c = TraceParent.fromW3c(header);
    if (w3c != null) {
      assertThat(TraceParent.fromW3c(w3c.toW3c())).isEqualTo(w3c);
    }
  }

  @Property
  void noInputThrows(@ForAll String header) {
    TraceParent.fromSentryTrace(header);
    TraceParent.fromW3c(header);
  }

  /** Valid headers with one character put in, taken out or changed, so that all checks are met. */
  @Provide
  Arbitrary<String> almostHeaders() {
    Arbitrary<String> valid =
        Arbitraries.of(IDS, IDS + "-1", IDS + "-0", "00-" + IDS + "-01", "cc-" + IDS + "-00-x");
    Arbitrary<String> odd = Arbitraries.of("", "0", "-", "g", "A", ",", " ", "\u0660", "\uD800");
    return net.jqwik.api.Combinators.combine(valid, odd, Arbitraries.integers().between(0, 60))
        .as(
            (text, character, at) -> {
              int where = Math.min(at, text.length());
              int after = Math.min(text.length(), where + (at & 1));
              return text.substring(0, where) + character + text.substring(after);
            });
  }
}

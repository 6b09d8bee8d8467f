package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.spanstream.micrometer.TracerMetrics;
import dev.spanstream.sink.DropReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TracerMetricsTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  @Test
  void theMetersShowWhatTheAccountsSay() {
    Tracer tracer =
        test.with(options -> options.setIgnoreSpans(List.of(IgnoreSpanRule.named("ignored"))));
    new TracerMetrics(tracer).bindTo(registry);
    tracer.startSpan("sent").end();
    tracer.startSpan("ignored").end();
    try (Span open = tracer.startSpan("open")) {
      assertThat(open.isRecording()).isTrue();
      assertThat(counter("spanstream.spans.started")).isEqualTo(3);
      assertThat(counter("spanstream.spans.ended")).isEqualTo(2);
      assertThat(counter("spanstream.spans.sent")).isEqualTo(tracer.stats().sent()).isEqualTo(1);
      assertThat(counter("spanstream.spans.dropped", "reason", "ignored")).isEqualTo(1);
      assertThat(registry.get("spanstream.spans.open").gauge().value()).isEqualTo(1);
      assertThat(registry.get("spanstream.spans.buffered").gauge().value()).isZero();
      assertThat(registry.get("spanstream.spans.spooled").gauge().value()).isZero();
      assertThat(counter("spanstream.contexts.healed")).isEqualTo(tracer.stats().healedContexts());
    }
  }

  @ParameterizedTest
  @EnumSource(DropReason.class)
  void everyReasonHasItsCounter(DropReason reason) {
    new TracerMetrics(test.recording()).bindTo(registry);
    assertThat(
            counter("spanstream.spans.dropped", "reason", reason.name().toLowerCase(Locale.ROOT)))
        .isZero();
  }

  @Test
  void severalTracersAreToldApartByTags() {
    Tracer shop = test.recording();
    Tracer stock = test.recording();
    new TracerMetrics(shop, "tracer", "shop").bindTo(registry);
    new TracerMetrics(stock, "tracer", "stock").bindTo(registry);
    shop.startSpan("one").end();
    assertThat(
            Stream.of("shop", "stock")
                .map(name -> counter("spanstream.spans.ended", "tracer", name)))
        .containsExactly(1.0, 0.0);
  }

  @Test
  void whatIsMissingIsSaidAtOnce() {
    assertThatNullPointerException()
        .isThrownBy(() -> new TracerMetrics(null))
        .withMessage("tracer");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TracerMetrics(test.recording(), "key without a value"));
  }
}

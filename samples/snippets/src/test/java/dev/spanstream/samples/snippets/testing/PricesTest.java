package dev.spanstream.samples.snippets.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spanstream.SpanStatus;
import dev.spanstream.Tracer;
import dev.spanstream.sink.FinishedSpan;
import dev.spanstream.sink.InMemorySpanSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// region java
class PricesTest {
  private final InMemorySpanSink sink = new InMemorySpanSink();
  private final Tracer tracer =
      Tracer.create(
          options -> {
            options.setSink(sink);
            options.setTracesSampleRate(1.0);
          });
  private final Prices prices = new Prices(tracer);

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(tracer.stats().open()).isZero();
    tracer.close();
  }

  @Test
  void thePriceIsLookedUpWithinTheOrder() {
    tracer.run("order", span -> prices.priceOf("book"));

    assertThat(sink.tree())
        .isEqualTo(
            """
            order
              look up price
            """);
    assertThat(sink.only("look up price").getSentAttributes()).containsEntry("article", "book");
  }

  @Test
  void aMissingPriceIsAnError() {
    assertThatThrownBy(() -> prices.priceOf("lamp")).isInstanceOf(IllegalArgumentException.class);

    FinishedSpan span = sink.only("look up price");
    assertThat(span.getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(span.getSentAttributes())
        .containsEntry("error.type", "java.lang.IllegalArgumentException");
  }
}
// endregion

package dev.spanstream.samples.snippets.testing;

import dev.spanstream.Tracer;
import java.math.BigDecimal;
import java.util.Map;

/** What is tested in the examples. */
// region prices
final class Prices {
  private static final Map<String, BigDecimal> LIST = Map.of("book", new BigDecimal("12.90"));

  private final Tracer tracer;

  Prices(Tracer tracer) {
    this.tracer = tracer;
  }

  BigDecimal priceOf(String article) {
    return tracer.call(
        "look up price",
        span -> {
          span.setAttribute("article", article);
          BigDecimal price = LIST.get(article);
          if (price == null) {
            throw new IllegalArgumentException("no price for " + article);
          }
          return price;
        });
  }
}

// endregion

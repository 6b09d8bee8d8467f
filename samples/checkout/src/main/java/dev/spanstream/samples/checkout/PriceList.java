package dev.spanstream.samples.checkout;

import dev.spanstream.Span;
import dev.spanstream.SpanStatus;
import dev.spanstream.Traces;
import java.math.BigDecimal;
import java.util.Map;

/** Plain Java, called from coroutines: its spans are children of whatever is active there. */
public final class PriceList {
  private static final Map<String, BigDecimal> PRICES =
      Map.of("book", new BigDecimal("12.90"), "lamp", new BigDecimal("39.00"));

  /** Makes a list with the prices of the sample. */
  public PriceList() {}

  /**
   * The price of an article.
   *
   * @throws IllegalArgumentException if there is no such article
   */
  public BigDecimal priceOf(String article) {
    try (Span span = Traces.startSpan("look up price")) {
      span.setAttribute("article", article);
      BigDecimal price = PRICES.get(article);
      if (price == null) {
        // Try-with-resources cannot see the exception, so the status is set here.
        span.setStatus(SpanStatus.ERROR);
        throw new IllegalArgumentException("no price for " + article);
      }
      return withTax(price);
    }
  }

  private static BigDecimal withTax(BigDecimal price) {
    return Traces.call("add tax", span -> price.multiply(new BigDecimal("1.07")));
  }
}

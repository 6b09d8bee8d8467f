package dev.spanstream.samples.snippets;

// region program
import dev.spanstream.Span;
import dev.spanstream.Traces;
import java.time.Duration;
import java.util.List;

public final class Checkout {
  public static void main(String[] arguments) {
    // Sends to what SENTRY_DSN says.
    Traces.init(
        options -> {
          options.setTracesSampleRate(1.0);
          options.setShutdownTimeout(Duration.ofSeconds(10)); // for the last spans
        });
    System.out.println("to pay: " + checkOut(List.of("book", "candle")));
  }

  static int checkOut(List<String> cart) {
    return Traces.call( // an exception that leaves it makes the span an error
        "check out",
        span -> {
          span.setAttribute("cart.items", cart.size());
          return cart.stream().mapToInt(Checkout::priceOf).sum();
        });
  }

  static int priceOf(String article) {
    try (Span span = Traces.startSpan("look up price")) { // sees no exception: set the status
      span.setAttribute("article", article);
      return article.length() * 3;
    }
  }
}
// endregion

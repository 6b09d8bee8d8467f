package shop;

import dev.spanstream.Isolation;
import dev.spanstream.Trace;
import dev.spanstream.Traces;
import dev.spanstream.sink.InMemorySpanSink;
import java.util.Map;

/** Handles an order that comes with a trace, with nothing on the class path but the API. */
public final class Shop {
  interface PriceList {
    @Trace
    int priceOf(String article);
  }

  public static void main(String[] arguments) {
    try {
      Class.forName("kotlin.Unit");
      throw new AssertionError("Kotlin is on the class path");
    } catch (ClassNotFoundException expected) {
      // As it should be.
    }
    InMemorySpanSink sink = new InMemorySpanSink();
    Traces.init(
        options -> {
          options.setSink(sink);
          options.setTracesSampleRate(1.0);
        });
    PriceList prices = Traces.traced(PriceList.class, article -> 12);
    Map<String, String> headers =
        Map.of("sentry-trace", "1".repeat(32) + "-" + "2".repeat(16) + "-1");
    try (Isolation isolation = Traces.isolate()) {
      Traces.continueTrace(headers);
      Traces.run("handle order", span -> span.setAttribute("price", prices.priceOf("book")));
    }
    Traces.close();
    String tree = sink.tree();
    if (!tree.equals("handle order\n  PriceList.priceOf\n")
        || !sink.only("handle order").getTraceId().equals("1".repeat(32))) {
      throw new AssertionError("received " + sink.spans() + " in\n" + tree);
    }
  }
}

import dev.spanstream.IgnoreSpanRule;
import dev.spanstream.Isolation;
import dev.spanstream.Trace;
import dev.spanstream.Traces;
import dev.spanstream.sink.InMemorySpanSink;
import java.util.List;
import java.util.Map;

/** What a user's program does, with nothing on its class path but the SDK. */
public final class Consumer {
  interface Shop {
    @Trace
    String checkout(String cart);
  }

  public static void main(String[] arguments) {
    try {
      Class.forName("kotlin.Unit");
      throw new AssertionError("kotlin.Unit is on the class path");
    } catch (ClassNotFoundException expected) {
      System.out.println("no kotlin.Unit");
    }
    InMemorySpanSink sink = new InMemorySpanSink();
    Traces.init(
        options -> {
          options.setSink(sink);
          options.setTracesSampler(context -> context.inheritOrSampleWith(1.0));
          options.setIgnoreSpans(List.of(IgnoreSpanRule.named("ignored")));
          options.setBeforeSendSpan(span -> span.removeAttribute("os.name"));
          options.setDebug(true);
        });
    Shop shop = Traces.traced(Shop.class, cart -> "bought " + cart);
    try (Isolation isolation = Traces.isolate()) {
      Traces.continueTrace(Map.of("sentry-trace", "1".repeat(32) + "-" + "2".repeat(16) + "-1"));
      Traces.setAttribute("request", List.of(1, 2));
      Traces.run(
          "request",
          span -> {
            Traces.startSpan("ignored").end();
            shop.checkout("books");
            Traces.wrap(() -> Traces.startSpan("task").end()).run();
          });
    }
    System.out.print(sink.tree());
    System.out.println("open " + Traces.tracer().stats().open());
    Traces.close();
  }
}

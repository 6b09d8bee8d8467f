package shop;

import dev.spanstream.Span;
import dev.spanstream.Traces;
import dev.spanstream.consumers.Receiver;
import java.time.Duration;

/** Sends from a named module, by a provider that is found as a service of another one. */
public final class Shop {
  public static void main(String[] arguments) throws Exception {
    if (!Shop.class.getModule().isNamed() || !Traces.class.getModule().isNamed()) {
      throw new AssertionError("not on the module path");
    }
    try (Receiver receiver = Receiver.start()) {
      Traces.init(
          options -> {
            options.setDsn(receiver.dsn());
            options.setTracesSampleRate(1.0);
            options.setShutdownTimeout(Duration.ofSeconds(30));
          });
      Traces.run(
          "handle order",
          order -> {
            try (Span span = Traces.startSpan("look up price")) {
              span.setAttribute("article", "book");
            }
          });
      Traces.close();
      receiver.expect("handle order", "look up price");
    }
  }
}

package dev.spanstream.samples.snippets.migration;

import dev.spanstream.Isolation;
import dev.spanstream.Traces;
import dev.spanstream.samples.snippets.migration.Shop.Cart;
import dev.spanstream.samples.snippets.migration.Shop.Message;

/** The same as {@link WithOpenTelemetry} does. */
final class FromOpenTelemetry {
  private final Shop shop;

  FromOpenTelemetry(Shop shop) {
    this.shop = shop;
  }

  void checkOut(Cart cart) {
    // region span
    Traces.run(
        "check out",
        span -> {
          span.setAttribute("cart.items", cart.items());
          shop.charge(cart);
        });
    // endregion
  }

  void receive(Message message) {
    // region continue
    try (Isolation isolation = Traces.isolate()) {
      Traces.continueTrace(message.headers());
      Traces.run("handle message", span -> shop.handle(message));
    }
    // endregion
  }
}

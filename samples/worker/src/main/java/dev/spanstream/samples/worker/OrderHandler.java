package dev.spanstream.samples.worker;

import dev.spanstream.Traces;

/** What an order needs. Knows nothing of queues: its spans are children of what is active. */
final class OrderHandler {
  void handle(Message order) throws PaymentFailed {
    Traces.run(
        "charge card",
        span -> {
          span.setAttribute("article", order.body());
          charge(order); // What it throws makes the span an error, and is thrown on.
        });
    Traces.run("send receipt", span -> span.setAttribute("receipt.order", order.id()));
  }

  private static void charge(Message order) throws PaymentFailed {
    boolean fails =
        switch (order.body()) {
          case "unicorn" -> true;
          case "lamp" -> order.retries() == 0;
          default -> false;
        };
    if (fails) {
      throw new PaymentFailed(order.id());
    }
  }
}

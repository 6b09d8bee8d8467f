package dev.spanstream.samples.worker;

import dev.spanstream.Isolation;
import dev.spanstream.Traces;
import java.util.function.BooleanSupplier;

/** Publishes orders. Each is a trace of its own, which goes on wherever its message goes. */
final class Shop implements Runnable {
  private final MessageQueue queue;
  private final int orders;
  private final BooleanSupplier stop;
  private int placed;

  Shop(MessageQueue queue, int orders, BooleanSupplier stop) {
    this.queue = queue;
    this.orders = orders;
    this.stop = stop;
  }

  /** How many orders were placed; to be asked when the shop has ended. */
  int placed() {
    return placed;
  }

  @Override
  public void run() {
    while (placed < orders && !stop.getAsBoolean()) {
      placed++;
      placeOrder(placed);
    }
  }

  private void placeOrder(int number) {
    try (Isolation order = Traces.isolate()) {
      Traces.setAttribute("service.name", "shop"); // For all spans of this isolation.
      Traces.run("place order", span -> publish("order-" + number, articleOf(number)));
    }
  }

  private void publish(String id, String article) {
    Traces.run(
        "publish " + queue.name(),
        span -> {
          // The headers name the active span, so whoever processes the message becomes its child.
          Message message = Message.of(id, article, Traces.traceHeaders());
          span.setAttributes(MessagingAttributes.ofPublishing(queue, message));
          queue.publish(message);
        });
  }

  /** Every fifth order cannot be paid at all, every third not at the first attempt. */
  private static String articleOf(int number) {
    return number % 5 == 0 ? "unicorn" : number % 3 == 0 ? "lamp" : "book";
  }
}

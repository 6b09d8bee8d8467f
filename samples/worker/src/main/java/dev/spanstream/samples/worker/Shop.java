package dev.spanstream.samples.worker;

import dev.spanstream.Isolation;
import dev.spanstream.Traces;

/** Publishes orders. Each is a trace of its own, which goes on wherever its message goes. */
final class Shop implements Runnable {
  private final MessageQueue queue;
  private final int orders;

  Shop(MessageQueue queue, int orders) {
    this.queue = queue;
    this.orders = orders;
  }

  @Override
  public void run() {
    for (int number = 1; number <= orders; number++) {
      placeOrder(number);
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

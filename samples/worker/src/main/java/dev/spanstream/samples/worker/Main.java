package dev.spanstream.samples.worker;

import dev.spanstream.Tracer;
import dev.spanstream.Traces;
import dev.spanstream.samples.common.CommandLine;
import dev.spanstream.samples.common.Receiver;
import dev.spanstream.samples.common.StopSignal;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Publishes orders to a queue and processes them on several threads. Spans go to an inbox in this
 * process, of which the traces are printed at the end; with {@code SENTRY_DSN} set they go there
 * instead.
 *
 * <p>The argument says how many orders. The exit code is 0 only if every sampled span was accepted.
 * Ctrl-C ends the orders; those that were placed are processed.
 */
public final class Main {
  private static final int USUAL_ORDERS = 5;
  private static final int THREADS = 3;

  private Main() {}

  /** Runs the sample. */
  public static void main(String[] arguments) throws InterruptedException {
    int orders = CommandLine.parse(arguments, USUAL_ORDERS).getCount();
    BooleanSupplier stop = StopSignal.listen();
    int exitCode;
    try (Receiver receiver = Receiver.choose()) {
      Tracer tracer = init(receiver.getDsn());
      MessageQueue queue = new MessageQueue("orders");
      int placed = processOrders(queue, orders, stop);
      Traces.close(); // Last of all: what ends later is dropped, and counted.
      System.out.println(queue.rejected().size() + " of " + placed + " orders were rejected");
      exitCode = receiver.report(tracer.stats());
    }
    System.exit(exitCode);
  }

  static Tracer init(String dsn) {
    return Traces.init(
        options -> {
          options.setDsn(dsn);
          options.setShutdownTimeout(Duration.ofSeconds(30)); // How long close may take.
          if (options.getRelease() == null) {
            options.setRelease("orders@0.1.0");
          }
          if (options.getTracesSampleRate() == null) {
            options.setTracesSampleRate(1.0);
          }
        });
  }

  /**
   * Publishes that many orders, or fewer if told to stop, and returns how many when all are
   * settled.
   */
  static int processOrders(MessageQueue queue, int orders, BooleanSupplier stop)
      throws InterruptedException {
    Shop shop = new Shop(queue, orders, stop);
    try (Worker worker = Worker.start(queue, THREADS)) {
      Thread thread = new Thread(shop, "shop");
      thread.start();
      thread.join();
    }
    return shop.placed();
  }
}

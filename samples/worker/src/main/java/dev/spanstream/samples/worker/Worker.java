package dev.spanstream.samples.worker;

import java.util.List;
import java.util.stream.IntStream;

/** Several consumers of one queue, each on a thread of its own. */
final class Worker implements AutoCloseable {
  private final MessageQueue queue;
  private final List<Thread> consumers;

  private Worker(MessageQueue queue, List<Thread> consumers) {
    this.queue = queue;
    this.consumers = consumers;
  }

  static Worker start(MessageQueue queue, int threads) {
    OrderHandler handler = new OrderHandler();
    List<Thread> consumers =
        IntStream.rangeClosed(1, threads)
            .mapToObj(number -> new Thread(new Consumer(queue, handler), "consumer-" + number))
            .toList();
    consumers.forEach(Thread::start);
    return new Worker(queue, consumers);
  }

  /** Closes the queue, and waits until all that was published is settled. */
  @Override
  public void close() throws InterruptedException {
    queue.close();
    for (Thread consumer : consumers) {
      consumer.join();
    }
  }
}

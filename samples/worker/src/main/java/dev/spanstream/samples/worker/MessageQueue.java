package dev.spanstream.samples.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Stands for a broker. A message that was taken is acknowledged, redelivered or rejected; until
 * then the queue is not done with it.
 */
final class MessageQueue {
  private final String name;
  private final Queue<Message> waiting = new ArrayDeque<>();
  private final List<Message> rejected = new ArrayList<>();
  private int unsettled;
  private boolean closed;

  MessageQueue(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  synchronized void publish(Message message) {
    waiting.add(message);
    unsettled++;
    notifyAll();
  }

  /** Waits for a message; empty when the queue is closed and every message is settled. */
  synchronized Optional<Message> take() throws InterruptedException {
    while (waiting.isEmpty()) {
      if (closed && unsettled == 0) {
        return Optional.empty();
      }
      wait();
    }
    return Optional.of(waiting.remove());
  }

  synchronized void acknowledge() {
    unsettled--;
    notifyAll();
  }

  synchronized void redeliver(Message message) {
    waiting.add(message);
    notifyAll();
  }

  /** Puts a message aside for somebody to look at: the dead letters of a broker. */
  synchronized void reject(Message message) {
    rejected.add(message);
    acknowledge();
  }

  synchronized List<Message> rejected() {
    return List.copyOf(rejected);
  }

  /** Says that no more is published. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}

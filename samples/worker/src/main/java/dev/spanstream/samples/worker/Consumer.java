package dev.spanstream.samples.worker;

import dev.spanstream.Isolation;
import dev.spanstream.Span;
import dev.spanstream.SpanStatus;
import dev.spanstream.Traces;
import java.util.Optional;

/** Takes one message after the other, each in the trace of whoever published it. */
final class Consumer implements Runnable {
  private static final int MAX_RETRIES = 2;

  private final MessageQueue queue;
  private final OrderHandler handler;

  Consumer(MessageQueue queue, OrderHandler handler) {
    this.queue = queue;
    this.handler = handler;
  }

  @Override
  public void run() {
    try {
      Optional<Message> message = queue.take();
      while (message.isPresent()) {
        process(message.get());
        message = queue.take();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void process(Message message) {
    // What is set here is set for this message, and not for all that this process does later.
    try (Isolation delivery = Traces.isolate()) {
      Traces.continueTrace(message.headers());
      Traces.setAttribute("service.name", "worker");
      Span span =
          Traces.startSpan(
              "process " + queue.name(), MessagingAttributes.ofProcessing(queue, message));
      message.failedAttempts().forEach(span::addLink);
      try {
        handler.handle(message);
        queue.acknowledge();
      } catch (Exception failure) {
        // Whoever does not let the exception out, as Traces.run would, says so himself.
        span.setStatus(SpanStatus.ERROR);
        span.setAttribute("error.type", failure.getClass().getName());
        retry(message, span);
      } finally {
        span.end();
      }
    }
  }

  private void retry(Message message, Span attempt) {
    if (message.retries() < MAX_RETRIES) {
      queue.redeliver(message.afterFailure(attempt));
    } else {
      queue.reject(message);
    }
  }
}

package dev.spanstream.benchmarks.sdk;

import io.sentry.Hint;
import io.sentry.SentryEnvelope;
import io.sentry.transport.ITransport;
import io.sentry.transport.RateLimiter;
import java.util.concurrent.atomic.LongAdder;

/** Throws Sentry's envelopes away, each of them a transaction. */
final class DiscardingTransport implements ITransport {
  private final LongAdder sent = new LongAdder();

  long sent() {
    return sent.sum();
  }

  @Override
  public void send(SentryEnvelope envelope, Hint hint) {
    sent.increment();
  }

  @Override
  public void flush(long timeoutMillis) {}

  @Override
  public RateLimiter getRateLimiter() {
    return null;
  }

  @Override
  public void close(boolean isRestarting) {}

  @Override
  public void close() {}
}

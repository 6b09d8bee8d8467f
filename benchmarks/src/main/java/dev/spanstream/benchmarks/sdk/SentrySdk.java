package dev.spanstream.benchmarks.sdk;

import io.sentry.ISentryLifecycleToken;
import io.sentry.ISpan;
import io.sentry.ITransaction;
import io.sentry.Sentry;
import io.sentry.TransactionOptions;

/** Sentry's own SDK: transactions, with the transport replaced. */
public final class SentrySdk implements Sdk {
  private final DiscardingTransport transport = new DiscardingTransport();

  public SentrySdk(Mode mode) {
    if (mode != Mode.DISABLED) {
      Sentry.init(
          options -> {
            options.setDsn("http://key@127.0.0.1:9/1");
            options.setTracesSampleRate(mode == Mode.SAMPLED ? 1.0 : 0.0);
            options.setTransportFactory((ignored, request) -> transport);
            options.setEnableUncaughtExceptionHandler(false);
            options.setEnableBackpressureHandling(false);
            options.setSendClientReports(false);
          });
    }
  }

  @Override
  public Object serviceSpan() {
    ITransaction transaction = transaction("request");
    try {
      return transaction;
    } finally {
      transaction.finish();
    }
  }

  @Override
  public Object child() {
    ISpan span = Sentry.getSpan().startChild("step");
    try (ISentryLifecycleToken active = span.makeCurrent()) {
      return span;
    } finally {
      span.finish();
    }
  }

  @Override
  public Object childWithAttributes() {
    ISpan span = Sentry.getSpan().startChild("step");
    try (ISentryLifecycleToken active = span.makeCurrent()) {
      span.setData("step.name", "price order");
      span.setData("step.number", 7);
      span.setData("step.last", true);
      return span;
    } finally {
      span.finish();
    }
  }

  @Override
  public Opened open() {
    ITransaction transaction = transaction("parent");
    ISentryLifecycleToken active = transaction.makeCurrent();
    return () -> {
      active.close();
      transaction.finish();
    };
  }

  private static ITransaction transaction(String name) {
    return Sentry.startTransaction(name, "benchmark", new TransactionOptions());
  }

  @Override
  public long exported() {
    return transport.sent();
  }

  @Override
  public void close() {
    Sentry.close();
  }
}

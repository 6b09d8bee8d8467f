package dev.spanstream.samples.snippets.migration;

import dev.spanstream.samples.snippets.migration.Shop.Cart;
import dev.spanstream.samples.snippets.migration.Shop.Message;
import io.sentry.BaggageHeader;
import io.sentry.CustomSamplingContext;
import io.sentry.ISpan;
import io.sentry.ITransaction;
import io.sentry.Sentry;
import io.sentry.SentryOptions;
import io.sentry.SentryTraceHeader;
import io.sentry.SpanStatus;
import io.sentry.TransactionContext;
import io.sentry.TransactionOptions;
import io.sentry.protocol.SentrySpan;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;

/** What applications do with Sentry Java; beside it stands {@link WithSpanstream}. */
final class WithSentry {
  private final Shop shop;

  WithSentry(Shop shop) {
    this.shop = shop;
  }

  static void start() {
    // region start
    Sentry.init(
        options -> {
          options.setDsn("https://<key>@o1.ingest.sentry.io/2");
          options.setTracesSampleRate(0.2);
        });
    // endregion
  }

  void checkOut(Cart cart) {
    // region transaction
    TransactionOptions options = new TransactionOptions();
    options.setBindToScope(true);
    ITransaction transaction = Sentry.startTransaction("check out", "task", options);
    try {
      ISpan child = transaction.startChild("stock", "reserve stock");
      try {
        shop.reserve(cart);
      } finally {
        child.finish();
      }
      shop.charge(cart);
      transaction.setStatus(SpanStatus.OK);
    } catch (RuntimeException e) {
      transaction.setThrowable(e);
      transaction.setStatus(SpanStatus.INTERNAL_ERROR);
      throw e;
    } finally {
      transaction.finish();
    }
    // endregion
  }

  void describe(Cart cart) {
    // region data
    ISpan span = Sentry.getSpan();
    if (span != null) {
      span.setOperation("cart.check");
      span.setData("cart.items", cart.items());
      span.setTag("cart.kind", "private");
      span.setMeasurement("cart.total", cart.total());
      span.setContext("cart", Map.of("items", cart.items(), "total", cart.total()));
      span.setStatus(SpanStatus.FAILED_PRECONDITION);
    }
    Sentry.setTag("tenant", "north");
    // endregion
  }

  static void sampler(SentryOptions options) {
    // region sampler
    options.setTracesSampleRate(0.2);
    options.setTracesSampler(
        context -> {
          CustomSamplingContext custom = context.getCustomSamplingContext();
          boolean batch = custom != null && "batch".equals(custom.get("kind"));
          return batch ? 0.01 : null; // null: the decision upstream, or the rate
        });
    // endregion
  }

  void importPrices() {
    // region custom-sampling-context
    CustomSamplingContext custom = new CustomSamplingContext();
    custom.set("kind", "batch");
    TransactionOptions options = new TransactionOptions();
    options.setCustomSamplingContext(custom);
    ITransaction transaction = Sentry.startTransaction("import prices", "task", options);
    try {
      shop.importPrices();
    } finally {
      transaction.finish();
    }
    // endregion
  }

  static void beforeSend(SentryOptions options) {
    // region before-send
    options.setBeforeSendTransaction(
        (transaction, hint) -> {
          for (SentrySpan span : transaction.getSpans()) {
            Map<String, Object> data = span.getData();
            if (data != null) {
              data.remove("url.query");
            }
          }
          return transaction;
        });
    // endregion
  }

  static void ignore(SentryOptions options) {
    // region ignore
    options.setIgnoredTransactions(List.of("GET /health", "GET /internal/.*"));
    // endregion
  }

  static void rename() {
    // region service-span
    Sentry.configureScope(
        scope -> {
          ITransaction transaction = scope.getTransaction();
          if (transaction != null) {
            transaction.setName("GET /orders/{id}");
            transaction.setData("order.kind", "express");
          }
        });
    // endregion
  }

  void receive(Message message) {
    // region continue
    Sentry.withIsolationScope(
        scope -> {
          TransactionContext context =
              Sentry.continueTrace(
                  message.headers().get("sentry-trace"),
                  List.of(message.headers().getOrDefault("baggage", "")));
          if (context == null) { // tracing is off
            shop.handle(message);
            return;
          }
          context.setName("handle message");
          context.setOperation("queue.process");
          ITransaction transaction = Sentry.startTransaction(context);
          try {
            shop.handle(message);
          } finally {
            transaction.finish();
          }
        });
    // endregion
  }

  void call(URI uri) {
    // region headers
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    SentryTraceHeader trace = Sentry.getTraceparent();
    BaggageHeader baggage = Sentry.getBaggage();
    if (trace != null) {
      request.header(trace.getName(), trace.getValue());
    }
    if (baggage != null) {
      request.header(baggage.getName(), baggage.getValue());
    }
    shop.send(request.build());
    // endregion
  }
}

package dev.spanstream.samples.snippets.migration;

import dev.spanstream.IgnoreSpanRule;
import dev.spanstream.Isolation;
import dev.spanstream.Span;
import dev.spanstream.SpanStatus;
import dev.spanstream.Traces;
import dev.spanstream.TracingOptions;
import dev.spanstream.samples.snippets.migration.Shop.Cart;
import dev.spanstream.samples.snippets.migration.Shop.Message;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The same as {@link WithSentry} does. */
final class WithSpanstream {
  private final Shop shop;

  WithSpanstream(Shop shop) {
    this.shop = shop;
  }

  static void start() {
    // region start
    Traces.init(
        options -> {
          options.setDsn("https://<key>@o1.ingest.sentry.io/2");
          options.setTracesSampleRate(0.2);
        });
    // endregion
  }

  void checkOut(Cart cart) {
    // region transaction
    Traces.run(
        "check out",
        span -> {
          Traces.run("reserve stock", child -> shop.reserve(cart));
          shop.charge(cart);
        });
    // endregion
  }

  void checkOutByHand(Cart cart) {
    // region by-hand
    Span span = Traces.startSpan("check out"); // active from here on
    try {
      shop.charge(cart);
    } catch (RuntimeException e) {
      span.setStatus(SpanStatus.ERROR);
      span.setAttribute("error.type", e.getClass().getName());
      throw e;
    } finally {
      span.end();
    }
    // endregion
  }

  void describe(Cart cart) {
    // region data
    Span span = Traces.currentSpan();
    if (span != null) {
      span.setAttribute("sentry.op", "cart.check");
      span.setAttribute("cart.items", cart.items());
      span.setAttribute("cart.kind", "private");
      span.setAttribute("cart.total", cart.total());
      span.setStatus(SpanStatus.ERROR);
    }
    Traces.setAttribute("tenant", "north"); // on every later span of this request
    // endregion
  }

  static void sampler(TracingOptions options) {
    // region sampler
    options.setTracesSampler(
        context -> "batch".equals(context.get("kind")) ? 0.01 : context.inheritOrSampleWith(0.2));
    // endregion
  }

  void importPrices() {
    // region custom-sampling-context
    try (Isolation job = Traces.isolate()) {
      Traces.currentScope().setCustomSamplingContext(Map.of("kind", "batch"));
      Traces.run("import prices", span -> shop.importPrices());
    }
    // endregion
  }

  static void beforeSend(TracingOptions options) {
    // region before-send
    options.setBeforeSendSpan(span -> span.removeAttribute("url.query"));
    // endregion
  }

  static void ignore(TracingOptions options) {
    // region ignore
    options.setIgnoreSpans(
        List.of(
            IgnoreSpanRule.named("GET /health"),
            IgnoreSpanRule.matching(Pattern.compile("GET /internal/.*"))));
    // endregion
  }

  static void rename() {
    // region service-span
    Span span = Traces.currentSpan();
    if (span != null) {
      span.getServiceSpan().setName("GET /orders/{id}");
      span.getServiceSpan().setAttribute("order.kind", "express");
    }
    // endregion
  }

  void receive(Message message) {
    // region continue
    try (Isolation isolation = Traces.isolate()) {
      Traces.continueTrace(message.headers());
      Traces.run("handle message", span -> shop.handle(message));
    }
    // endregion
  }

  void call(URI uri) {
    // region headers
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    Traces.traceHeaders(uri.toString()).forEach(request::header);
    shop.send(request.build());
    // endregion
  }
}

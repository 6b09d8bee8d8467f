package dev.spanstream.samples.snippets.migration;

import dev.spanstream.samples.snippets.migration.Shop.Cart;
import dev.spanstream.samples.snippets.migration.Shop.Message;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;

/** What applications do with OpenTelemetry; beside it stands {@link FromOpenTelemetry}. */
final class WithOpenTelemetry {
  private final Shop shop;
  private final OpenTelemetry openTelemetry;
  private final Tracer tracer;
  private final TextMapGetter<Map<String, String>> getter;

  WithOpenTelemetry(
      Shop shop, OpenTelemetry openTelemetry, TextMapGetter<Map<String, String>> getter) {
    this.shop = shop;
    this.openTelemetry = openTelemetry;
    this.tracer = openTelemetry.getTracer("shop");
    this.getter = getter;
  }

  void checkOut(Cart cart) {
    // region span
    Span span = tracer.spanBuilder("check out").startSpan();
    try (Scope scope = span.makeCurrent()) {
      span.setAttribute("cart.items", cart.items());
      shop.charge(cart);
    } catch (RuntimeException e) {
      span.recordException(e);
      span.setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      span.end();
    }
    // endregion
  }

  void receive(Message message) {
    // region continue
    Context sender =
        openTelemetry
            .getPropagators()
            .getTextMapPropagator()
            .extract(Context.root(), message.headers(), getter);
    Span span =
        tracer
            .spanBuilder("handle message")
            .setParent(sender)
            .setSpanKind(SpanKind.CONSUMER)
            .startSpan();
    try (Scope scope = span.makeCurrent()) {
      shop.handle(message);
    } finally {
      span.end();
    }
    // endregion
  }
}

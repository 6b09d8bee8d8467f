package dev.spanstream;

/**
 * Edits spans after their end, before they are sent (sdk/telemetry/spans, "beforeSendSpan"). It
 * cannot drop a span; use {@link TracingOptions#setIgnoreSpans} for that.
 *
 * <pre>{@code
 * options.setBeforeSendSpan(span -> span.removeAttribute("url.query"));
 * }</pre>
 */
@FunctionalInterface
public interface BeforeSendSpan {
  /**
   * Called by the thread that ended the span. If it throws, the span is sent as it was, with a
   * warning.
   */
  void edit(SpanEdit span);
}

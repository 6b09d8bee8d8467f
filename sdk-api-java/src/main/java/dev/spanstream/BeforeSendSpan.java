package dev.spanstream;

/**
 * Edits spans after their end, before they are sent (sdk/telemetry/spans, "beforeSendSpan"). It
 * cannot drop a span; use {@link TracingOptions#setIgnoreSpans} for that.
 *
 * <pre>{@code
 * options.setBeforeSendSpan(span -> span.removeAttribute("url.query"));
 * }</pre>
 *
 * <p>The name of a service span may be out before the hook sees it, in trace headers and with spans
 * that ended earlier. So what must not be sent does not belong in a name.
 */
@FunctionalInterface
public interface BeforeSendSpan {
  /**
   * Called once for each recorded span, by the thread that ended it, from many at once; so be
   * quick. If it throws, the span is sent as it was, with a warning.
   */
  void edit(SpanEdit span);
}

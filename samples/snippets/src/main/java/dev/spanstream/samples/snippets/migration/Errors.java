package dev.spanstream.samples.snippets.migration;

import dev.spanstream.Span;
import dev.spanstream.Traces;
import io.sentry.SentryOptions;
import io.sentry.SpanContext;
import io.sentry.SpanId;
import io.sentry.protocol.SentryId;

/** Sentry Java goes on to report errors; the spans are ours. */
final class Errors {
  private Errors() {}

  static void link(SentryOptions options) {
    // region errors
    options.setTracesSampleRate(null); // no transactions
    options.setBeforeSend(
        (event, hint) -> {
          Span span = Traces.currentSpan();
          if (span != null && span.isSampled()) {
            SentryId traceId = new SentryId(span.getTraceId());
            SpanId spanId = new SpanId(span.getSpanId());
            event.getContexts().setTrace(new SpanContext(traceId, spanId, "", null, null));
          }
          return event;
        });
    // endregion
  }
}

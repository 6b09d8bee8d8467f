package dev.spanstream;

import dev.spanstream.internal.Baggage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a trace of incoming headers (sdk/foundations/trace-propagation, "Incoming Propagation").
 */
final class IncomingTraceReader {
  private final @Nullable String organizationId;
  private final boolean strict;
  private final boolean readTraceparent;

  IncomingTraceReader(@Nullable String organizationId, TracingOptions options) {
    this.organizationId = organizationId;
    this.strict = options.getStrictTraceContinuation();
    this.readTraceparent = options.getPropagateTraceparent();
  }

  /** Continues the trace that the headers name; begins one if they name none, or a foreign one. */
  PropagationContext continueFrom(@Nullable Map<String, String> headers) {
    try {
      return headers == null ? PropagationContext.begin() : read(headers);
    } catch (Throwable hostile) {
      // The map is not ours: it may throw, or hold something else than strings.
      return PropagationContext.begin();
    }
  }

  private PropagationContext read(Map<String, String> headers) {
    String sentryTrace = get(headers, "sentry-trace");
    TraceParent parent = sentryTrace == null ? null : TraceParent.fromSentryTrace(sentryTrace);
    boolean fromSentry = parent != null;
    if (readTraceparent && (sentryTrace == null || sentryTrace.isBlank())) {
      String traceparent = get(headers, "traceparent");
      parent = traceparent == null ? null : TraceParent.fromW3c(traceparent);
    }
    if (parent == null) {
      return PropagationContext.begin();
    }
    String baggage = get(headers, "baggage");
    Map<String, String> received = baggage == null ? Map.of() : Baggage.parseLazily(baggage);
    if (!isOurs(received.get("org_id"))) {
      return PropagationContext.begin();
    }
    // A sender that knows nothing of Sentry leaves the sampling context to us.
    return new ContinuedTrace(parent, fromSentry || !received.isEmpty() ? received : null);
  }

  private boolean isOurs(@Nullable String incoming) {
    if (incoming != null && incoming.isEmpty()) {
      incoming = null;
    }
    if (incoming == null || organizationId == null) {
      return !strict || (incoming == null && organizationId == null);
    }
    return incoming.equals(organizationId);
  }

  private static @Nullable String get(Map<String, String> headers, String name) {
    String value = headers.get(name);
    if (value != null) {
      return value;
    }
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (name.equalsIgnoreCase(header.getKey())) {
        return header.getValue();
      }
    }
    return null;
  }
}

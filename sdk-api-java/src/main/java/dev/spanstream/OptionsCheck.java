package dev.spanstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with the options, and what to change. */
final class OptionsCheck {
  private OptionsCheck() {}

  /**
   * @throws IllegalArgumentException for the first invalid option
   */
  static void check(TracingOptions options) {
    Double rate = options.getTracesSampleRate();
    require(
        rate == null || (rate >= 0 && rate <= 1),
        "tracesSampleRate is %s; set it to a number from 0.0 (nothing) to 1.0 (everything)",
        rate);
    require(
        options.getEnvironment() != null && !options.getEnvironment().isBlank(),
        "environment is empty; leave it at production, or name one");
    require(
        options.getTraceLifecycle() != null,
        "traceLifecycle is null; leave it at STREAM, or set it to STATIC");
    require(options.getClock() != null, "clock is null; leave it at the system's");
    List<String> targets = options.getTracePropagationTargets();
    require(
        targets == null || targets.stream().noneMatch(String::isBlank),
        "tracePropagationTargets has an empty entry, which would match every URL; remove it, or"
            + " set null to propagate to all");
    range(
        "flushInterval", options.getFlushInterval(), Duration.ofMillis(10), Duration.ofSeconds(30));
    range("shutdownTimeout", options.getShutdownTimeout(), Duration.ZERO, Duration.ofSeconds(60));
    range("maxBufferedSpans", options.getMaxBufferedSpans(), 1_000, Integer.MAX_VALUE);
    range("maxBufferedBytes", options.getMaxBufferedBytes(), 1 << 20, Long.MAX_VALUE);
    range("maxSpansPerEnvelope", options.getMaxSpansPerEnvelope(), 1, 1_000);
    range("maxAttributeValueLength", options.getMaxAttributeValueLength(), 16, Integer.MAX_VALUE);
    String orgId = options.getOrgId();
    require(
        orgId == null || orgId.matches("\\d+"),
        "orgId is '%s'; set it to the digits of your Sentry organization id",
        orgId);
    String spotlight = options.getSpotlight();
    require(
        spotlight == null || isHttpUrl(spotlight),
        "spotlight is '%s'; set it to a URL such as http://localhost:8969/stream",
        spotlight);
  }

  private static boolean isHttpUrl(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = uri.getScheme();
      return uri.getHost() != null
          && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void range(String name, long value, long least, long most) {
    require(
        value >= least && value <= most,
        most == Integer.MAX_VALUE || most == Long.MAX_VALUE
            ? "%s is %s; set it to %s or more"
            : "%s is %s; set it to %s to %s",
        name,
        value,
        least,
        most);
  }

  private static void range(String name, @Nullable Duration value, Duration least, Duration most) {
    require(
        value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        "%s is %s; set it to a duration from %s to %s",
        name,
        value,
        least,
        most);
  }

  private static void require(boolean condition, String message, @Nullable Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
    }
  }
}

package dev.spanstream;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads options from the environment, before the application sets its own. */
final class EnvironmentOptions {
  private static final String SPOTLIGHT = "http://localhost:8969/stream";

  private EnvironmentOptions() {}

  static void read(UnaryOperator<@Nullable String> environment, TracingOptions options) {
    read(environment, "SENTRY_DSN", options::setDsn);
    read(environment, "SENTRY_ENVIRONMENT", options::setEnvironment);
    read(environment, "SENTRY_RELEASE", options::setRelease);
    read(environment, "SENTRY_TRACES_SAMPLE_RATE", text -> options.setTracesSampleRate(rate(text)));
    read(environment, "SENTRY_TRACE_LIFECYCLE", text -> options.setTraceLifecycle(lifecycle(text)));
    read(environment, "SENTRY_DEBUG", text -> options.setDebug(isTrue(text)));
    read(environment, "SENTRY_SPOTLIGHT", text -> options.setSpotlight(spotlight(text)));
  }

  private static void read(
      UnaryOperator<@Nullable String> environment, String name, Consumer<String> option) {
    String text = environment.apply(name);
    if (text != null && !text.isBlank()) {
      option.accept(text.strip());
    }
  }

  private static double rate(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "SENTRY_TRACES_SAMPLE_RATE is '" + text + "'; set it to a number from 0.0 to 1.0", e);
    }
  }

  private static TraceLifecycle lifecycle(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "stream" -> TraceLifecycle.STREAM;
      case "static" -> TraceLifecycle.STATIC;
      default ->
          throw new IllegalArgumentException(
              "SENTRY_TRACE_LIFECYCLE is '" + text + "'; set it to stream or static");
    };
  }

  private static @Nullable String spotlight(String text) {
    return isTrue(text) ? SPOTLIGHT : isFalse(text) ? null : text;
  }

  private static boolean isTrue(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on", "t", "y" -> true;
      default -> false;
    };
  }

  private static boolean isFalse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "false", "0", "no", "off", "f", "n" -> true;
      default -> false;
    };
  }
}

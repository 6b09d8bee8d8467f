package dev.spanstream;

import dev.spanstream.sink.SpanSink;
import dev.spanstream.sink.SpanSinkProvider;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds where the spans of a tracer go. */
final class Sinks {
  private Sinks() {}

  /** The user's sink, else one from the class path if there is somewhere to send, else null. */
  static @Nullable SpanSink forOptions(@Nullable Dsn dsn, TracingOptions options) {
    if (options.getSink() != null || (dsn == null && options.getSpotlight() == null)) {
      return options.getSink();
    }
    SpanSinkProvider given = options.getSinkProvider();
    SpanSinkProvider provider = given != null ? given : provider().orElse(null);
    if (provider == null && dsn != null) {
      throw new IllegalStateException(
          "There is a DSN, but nothing on the class path can send spans: add the dependency"
              + " dev.spanstream:spanstream-coroutines, or set options.sink.");
    }
    return provider == null ? null : provider.create(dsn, options);
  }

  private static Optional<SpanSinkProvider> provider() {
    return ServiceLoader.load(SpanSinkProvider.class)
        .findFirst()
        .or(
            () ->
                ServiceLoader.load(SpanSinkProvider.class, Sinks.class.getClassLoader())
                    .findFirst());
  }
}

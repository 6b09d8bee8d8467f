package dev.spanstream.sink;

import dev.spanstream.Dsn;
import dev.spanstream.TracingOptions;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sink of a tracer that has a DSN or a Spotlight URL, and no {@link
 * TracingOptions#setSink sink of its own}.
 *
 * <p>The first that {@link java.util.ServiceLoader} finds, unless one is {@linkplain
 * TracingOptions#setSinkProvider given}; the artifact {@code spanstream-coroutines} brings one.
 * With a DSN and no provider on the class path, {@code Traces.init} throws and names it.
 */
public interface SpanSinkProvider {
  /**
   * Makes a sink and starts it. Called once for each tracer, by the thread that makes the tracer;
   * what it throws is thrown on.
   *
   * @param dsn where to send; null if only {@link TracingOptions#setSpotlight Spotlight} is wanted
   * @param options validated options, unset ones read from the environment; read what you need
   *     during the call and keep no reference
   * @return null if there is nowhere to send to, so that nothing is recorded
   * @throws IllegalArgumentException if an option cannot be honoured; the message says what to
   *     change
   */
  @Nullable SpanSink create(@Nullable Dsn dsn, TracingOptions options);
}

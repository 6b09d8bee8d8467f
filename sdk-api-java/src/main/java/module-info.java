/** The tracing model: spans, scopes, sampling and propagation. */
module dev.spanstream {
  requires static org.jspecify;
  requires static org.slf4j;
  requires static micrometer.core;

  exports dev.spanstream;
  exports dev.spanstream.sink;
  exports dev.spanstream.micrometer;
  exports dev.spanstream.slf4j;
  exports dev.spanstream.internal to
      dev.spanstream.coroutines,
      dev.spanstream.ktor;

  uses dev.spanstream.sink.SpanSinkProvider;
}

/** The active span in coroutines, and the pipeline that streams ended spans. */
module dev.spanstream.coroutines {
  requires static org.jspecify;
  requires transitive dev.spanstream;
  requires transitive kotlin.stdlib;
  requires transitive kotlinx.coroutines.core;
  requires kotlinx.serialization.core;
  requires kotlinx.serialization.json;
  requires transitive io.ktor.client.core;
  requires io.ktor.client.java;
  requires io.ktor.http;
  requires io.ktor.io;
  requires io.ktor.utils;
  // Ktor needs these, but cannot say so: its own modules are automatic.
  requires java.net.http;
  requires kotlinx.io.core;
  requires org.slf4j;

  exports dev.spanstream.coroutines;
  exports dev.spanstream.streaming;
  exports dev.spanstream.coroutines.internal to
      dev.spanstream.ktor;

  provides dev.spanstream.sink.SpanSinkProvider with
      dev.spanstream.streaming.StreamingSinkProvider;
}

/** Ktor server and client plugins. */
module dev.spanstream.ktor {
  requires static org.jspecify;
  requires transitive dev.spanstream.coroutines;
  requires static io.ktor.server.core;
  requires static io.ktor.client.core;
  requires io.ktor.http;
  requires io.ktor.utils;
  requires static io.ktor.events;
  requires static org.slf4j;

  exports dev.spanstream.ktor;
}

/** What the projects of users in {@code src/it} are checked with. */
module dev.spanstream.consumers {
  requires jdk.httpserver;

  exports dev.spanstream.consumers;
}

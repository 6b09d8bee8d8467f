module shop {
  requires dev.spanstream.consumers;
  requires dev.spanstream.coroutines;
}

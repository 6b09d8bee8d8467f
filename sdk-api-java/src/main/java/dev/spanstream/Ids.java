package dev.spanstream;

import java.util.concurrent.ThreadLocalRandom;

/** Draws ids; zero is no id. */
final class Ids {
  private Ids() {}

  static long next() {
    long id;
    do {
      id = ThreadLocalRandom.current().nextLong();
    } while (id == 0);
    return id;
  }
}

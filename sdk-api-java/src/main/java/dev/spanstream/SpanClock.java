package dev.spanstream;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Reads the time. A tree reads the wall clock once, at its service span; everything else in it is
 * measured from there on the monotonic clock, so that children lie inside their parents even if the
 * wall clock steps.
 */
final class SpanClock {
  private final InstantSource wall;
  private final boolean monotonic;
  private final Log log;

  SpanClock(InstantSource wall, Log log) {
    this.wall = wall;
    this.log = log;
    this.monotonic = wall == InstantSource.system();
  }

  /** Now, in microseconds since 1970, by the wall clock; by the system's if that one fails. */
  long wallMicros() {
    try {
      return micros(wall.instant());
    } catch (Throwable hostile) {
      log.warn("options.clock threw or told null; the system clock is read instead", hostile);
      return micros(Instant.now());
    }
  }

  /** A number of nanoseconds to be compared with another one only. */
  long nanoTime() {
    return monotonic ? System.nanoTime() : TimeUnit.MICROSECONDS.toNanos(wallMicros());
  }

  static long micros(Instant instant) {
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    } catch (ArithmeticException e) {
      // Hundreds of thousands of years away.
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}

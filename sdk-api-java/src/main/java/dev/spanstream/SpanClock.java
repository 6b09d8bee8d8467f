package dev.spanstream;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the time. A tree reads the wall clock once, at its service span; everything else in it is
 * measured from there on the monotonic clock, so that children lie inside their parents even if the
 * wall clock steps.
 */
final class SpanClock {
  private final InstantSource wall;
  private final @Nullable LongSupplier nanos;
  private final Log log;

  /**
   * @param nanos the monotonic clock; null for that of the machine, unless the wall clock is not
   */
  SpanClock(InstantSource wall, @Nullable LongSupplier nanos, Log log) {
    this.wall = wall;
    this.nanos = nanos == null && wall == InstantSource.system() ? System::nanoTime : nanos;
    this.log = log;
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
    return nanos != null ? nanos.getAsLong() : TimeUnit.MICROSECONDS.toNanos(wallMicros());
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

package dev.spanstream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;

/**
 * What the SDK has to say, to the system logger {@code dev.spanstream}. Never throws: a formatter
 * or a logger of the application's may.
 */
final class Log {
  private static final Logger LOGGER = System.getLogger("dev.spanstream");

  private final boolean debug;

  Log(boolean debug) {
    this.debug = debug;
  }

  /** Says what was decided, at a level that is shown by default, if the user asked for it. */
  void debug(String format, @org.jspecify.annotations.Nullable Object... arguments) {
    if (debug) {
      log(Level.INFO, null, format, arguments);
    }
  }

  void warn(String format, Object... arguments) {
    log(Level.WARNING, null, format, arguments);
  }

  void warn(String format, Throwable cause, Object... arguments) {
    log(Level.WARNING, cause, format, arguments);
  }

  private static void log(
      Level level,
      @org.jspecify.annotations.Nullable Throwable cause,
      String format,
      @org.jspecify.annotations.Nullable Object... arguments) {
    try {
      LOGGER.log(level, String.format(Locale.ROOT, format, arguments), cause);
    } catch (Throwable hostile) {
      // There is nobody left to tell.
      return;
    }
  }
}

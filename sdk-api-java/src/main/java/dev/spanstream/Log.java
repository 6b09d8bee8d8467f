package dev.spanstream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the SDK has to say, to the system logger {@code dev.spanstream}. Never throws: a formatter
 * or a logger of the application's may.
 */
final class Log {
  private static final @Nullable Logger LOGGER = find();

  private final boolean debug;

  /** What was warned of: a callback that throws for every span must not flood the log. */
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  Log(boolean debug) {
    this.debug = debug;
  }

  /** Whether {@link #debug} says anything; to be asked where its arguments have a price. */
  boolean isDebug() {
    return debug;
  }

  /** Says what was decided, at a level that is shown by default, if the user asked for it. */
  void debug(String format, @Nullable Object... arguments) {
    if (debug) {
      log(Level.INFO, null, format, arguments);
    }
  }

  /** Warns the first time, and whenever it happens again only if the user asked for it. */
  void warn(String format, @Nullable Object... arguments) {
    warn(format, null, arguments);
  }

  void warn(String format, @Nullable Throwable cause, @Nullable Object... arguments) {
    if (debug || warned.add(format)) {
      log(Level.WARNING, cause, format, arguments);
    }
  }

  private static @Nullable Logger find() {
    try {
      return System.getLogger("dev.spanstream");
    } catch (Throwable hostile) {
      return null; // A logging provider that cannot start is no reason not to.
    }
  }

  private static void log(
      Level level, @Nullable Throwable cause, String format, @Nullable Object... arguments) {
    try {
      if (LOGGER != null) {
        LOGGER.log(level, String.format(Locale.ROOT, format, arguments), cause);
      }
    } catch (Throwable hostile) {
      // There is nobody left to tell.
      return;
    }
  }
}

package dev.spanstream;

import org.jspecify.annotations.Nullable;

/** What {@link StrictMode} found; its stack trace is that of where the span was started. */
final class StrictModeViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String span;

  /** Made where a span starts, in case that something is found later. */
  StrictModeViolation(String span) {
    super("'" + span + "' was started here");
    this.span = span;
  }

  private StrictModeViolation(String span, String message, StackTraceElement[] startedAt) {
    super(message);
    this.span = span;
    setStackTrace(startedAt);
  }

  StrictModeViolation leftOpen() {
    return about("'" + span + "' was started here and has not ended");
  }

  StrictModeViolation endedElsewhere(Thread thread) {
    return about(
        "'"
            + span
            + "' was started here, and ended on "
            + thread.getName()
            + " in another context than the one in which it is active: end it where it was started,"
            + " or start it with setActive(false)");
  }

  /**
   * @param startedAt where the span that is active there was started, null if nobody knows
   */
  static StrictModeViolation leftOn(Thread thread, @Nullable StrictModeViolation startedAt) {
    String message = thread.getName() + " was left in the context of a request, coroutine or task";
    return startedAt == null
        ? new StrictModeViolation("", message, new StackTraceElement[0])
        : startedAt.about(message + ", in which '" + startedAt.span + "', started here, is active");
  }

  private StrictModeViolation about(String message) {
    return new StrictModeViolation(span, message, getStackTrace());
  }
}

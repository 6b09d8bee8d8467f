package dev.spanstream;

/** What spans say of the thread that they started on; made once a thread, and name. */
final class ThreadLabel {
  private static final ThreadLocal<ThreadLabel> LABEL =
      ThreadLocal.withInitial(() -> new ThreadLabel(Thread.currentThread()));

  private final String rawName;
  private final String id;
  private final String name;

  private ThreadLabel(Thread thread) {
    this.rawName = thread.getName();
    this.id = Long.toString(thread.getId());
    this.name = Text.wellFormed(rawName);
  }

  /** That of this thread. */
  @SuppressWarnings(
      "ReferenceEquality") // A thread has one object for its name until it gets another.
  static ThreadLabel current() {
    ThreadLabel label = LABEL.get();
    Thread thread = Thread.currentThread();
    if (label.rawName != thread.getName()) {
      label = new ThreadLabel(thread);
      LABEL.set(label);
    }
    return label;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }
}

package dev.spanstream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Atomic access to a field without an object of its own for it. */
final class FieldHandles {
  private FieldHandles() {}

  /** A handle on a field of the class that made the look-up. */
  static VarHandle of(MethodHandles.Lookup owner, String name, Class<?> type) {
    try {
      return owner.findVarHandle(owner.lookupClass(), name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}

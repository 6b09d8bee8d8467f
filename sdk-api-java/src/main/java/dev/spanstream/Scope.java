package dev.spanstream;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data that is sent with every span started under it (foundations/state-management/scopes).
 *
 * <p>There are three, and the narrower wins: {@link Traces#currentScope() current} (this thread or
 * coroutine, and what is forked from it), {@link Traces#isolationScope() isolation} (this request,
 * or the whole process where nothing is isolated), {@link Traces#globalScope() global}. A span's
 * own attributes win over all of them. A span takes the scopes in force when it starts, and what
 * they hold when it ends.
 *
 * <p>All methods may be called from any thread; none throws.
 */
public final class Scope {
  private static final Scope GLOBAL = new Scope(null, Data.EMPTY);
  private static final Scope PROCESS = new Scope(GLOBAL, Data.EMPTY);

  /** Replaced as a whole, never changed. */
  private record Data(AttributeList attributes, @Nullable User user, Map<String, Object> sampling) {
    static final Data EMPTY = new Data(AttributeList.EMPTY, null, Map.of());
  }

  private final @Nullable Scope wider;
  private volatile Data data;

  private Scope(@Nullable Scope wider, Data data) {
    this.wider = wider;
    this.data = data;
  }

  static Scope global() {
    return GLOBAL;
  }

  /** The isolation scope of everything that nobody isolated. */
  static Scope process() {
    return PROCESS;
  }

  /** A new scope beneath this one. */
  Scope narrower() {
    return new Scope(this, Data.EMPTY);
  }

  /** A scope with the same content, independent from now on. */
  Scope fork() {
    return new Scope(wider, data);
  }

  /** The scope above: for a current scope, its isolation scope. */
  Scope wider() {
    return wider == null ? this : wider;
  }

  /** Sets an attribute; values follow {@link Span#setAttribute(String, Object)}. */
  public Scope setAttribute(@Nullable String key, @Nullable Object value) {
    Object normal = AttributeValues.normalize(value, AttributeValues.DEFAULT_MAX_LENGTH);
    if (key != null && normal != null) {
      AttributeList one = new AttributeList();
      one.put(Text.wellFormed(key), normal);
      add(one);
    }
    return this;
  }

  /** Sets each entry, all at once for whoever reads. */
  public Scope setAttributes(@Nullable Map<String, ?> attributes) {
    if (attributes != null) {
      AttributeList normal = new AttributeList();
      AttributeValues.normalized(attributes).forEach(normal::put);
      add(normal);
    }
    return this;
  }

  private synchronized void add(AttributeList more) {
    AttributeList changed = new AttributeList(data.attributes);
    changed.putAll(more);
    data = new Data(changed, data.user, data.sampling);
  }

  /** Removes an attribute of this scope. */
  public synchronized Scope removeAttribute(@Nullable String key) {
    if (key != null && data.attributes.has(key)) {
      AttributeList changed = new AttributeList(data.attributes);
      changed.remove(key);
      data = new Data(changed, data.user, data.sampling);
    }
    return this;
  }

  /** Sets who the spans are made for, as a whole; null forgets. */
  public synchronized Scope setUser(@Nullable User user) {
    data = new Data(data.attributes, user, data.sampling);
    return this;
  }

  /**
   * Gives the {@link TracesSampler} what it may ask for by {@link SamplingContext#get}. Replaces
   * what was set before. Call it between {@code continueTrace} and the start of the service span.
   */
  public synchronized Scope setCustomSamplingContext(@Nullable Map<String, ?> context) {
    Map<String, Object> copy = new HashMap<>();
    if (context != null) {
      context.forEach(
          (key, value) -> {
            if (key != null && value != null) {
              copy.put(key, value);
            }
          });
    }
    data = new Data(data.attributes, data.user, copy);
    return this;
  }

  /** The span that is active for the caller if this is one of the caller's scopes, else null. */
  public @Nullable Span getSpan() {
    TraceContext context = TraceContext.current();
    for (Scope scope = context.scope(); scope != null; scope = scope.wider) {
      if (scope == this) {
        return context.active();
      }
    }
    return null;
  }

  /** Forgets everything that was set on this scope. */
  public synchronized void clear() {
    data = Data.EMPTY;
  }

  /** What this scope and the wider ones hold now; not to be changed. */
  AttributeList mergedAttributes() {
    boolean nothing = true;
    for (Scope scope = this; scope != null; scope = scope.wider) {
      nothing &= scope.data.attributes.isEmpty() && scope.data.user == null;
    }
    if (nothing) {
      return AttributeList.EMPTY;
    }
    AttributeList merged = new AttributeList();
    addTo(merged);
    User user = user();
    if (user != null) {
      user.addTo(merged);
    }
    return merged;
  }

  /** A user is one thing: never the id of one scope and the address of another. */
  private @Nullable User user() {
    for (Scope scope = this; scope != null; scope = scope.wider) {
      User user = scope.data.user;
      if (user != null) {
        return user;
      }
    }
    return null;
  }

  private void addTo(AttributeList merged) {
    if (wider != null) {
      wider.addTo(merged);
    }
    merged.putAll(data.attributes);
  }

  @Nullable Object customSamplingValue(String key) {
    for (Scope scope = this; scope != null; scope = scope.wider) {
      Object value = scope.data.sampling.get(key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}

package dev.spanstream;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data that is sent with every span started under it (sdk/foundations/state-management/scopes).
 *
 * <p>There are three, and the narrower wins: {@link Traces#currentScope() current} (this thread or
 * coroutine; what is forked from it begins with a copy), {@link Traces#isolationScope() isolation}
 * (this request, or the whole process where nothing is isolated), {@link Traces#globalScope()
 * global}. A span's own attributes win over all of them. A span takes the scopes in force when it
 * starts, and what they hold when it ends.
 *
 * <pre>{@code
 * Traces.globalScope().setAttribute("deployment.zone", zone);
 * Traces.isolationScope().setUser(User.ofId(account.id()));
 * }</pre>
 *
 * <p>All methods may be called from any thread; none throws, also if it is given null.
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

  /**
   * Sets an attribute; values follow {@link Span#setAttribute(String, Object)}, null changes
   * nothing. A scope keeps up to 1,024 attributes, more are ignored.
   */
  public Scope setAttribute(@Nullable String key, @Nullable Object value) {
    Object normal = AttributeValues.normalize(value, Integer.MAX_VALUE); // Each tracer cuts.
    if (key != null && normal != null) {
      AttributeList one = new AttributeList();
      one.put(AttributeValues.key(key), normal);
      add(one);
    }
    return this;
  }

  /**
   * Sets each entry as {@link #setAttribute} does, all at once for whoever reads; null sets
   * nothing.
   */
  public Scope setAttributes(@Nullable Map<String, ?> attributes) {
    AttributeList normal = AttributeValues.normalized(attributes, Integer.MAX_VALUE);
    if (!normal.isEmpty()) {
      add(normal);
    }
    return this;
  }

  private synchronized void add(AttributeList more) {
    AttributeList changed = new AttributeList(data.attributes);
    changed.putAll(more);
    data = new Data(changed, data.user, data.sampling);
  }

  /** Removes an attribute of this scope; wider scopes keep theirs. */
  public synchronized Scope removeAttribute(@Nullable String key) {
    if (key != null) {
      AttributeList changed = new AttributeList(data.attributes);
      changed.remove(AttributeValues.key(key));
      data = new Data(changed, data.user, data.sampling);
    }
    return this;
  }

  /**
   * Sets who the spans are made for. It hides the user of wider scopes as a whole, never mixes with
   * it; null forgets it. An attribute of this scope, such as {@code user.id}, wins over its user.
   */
  public synchronized Scope setUser(@Nullable User user) {
    data = new Data(data.attributes, user, data.sampling);
    return this;
  }

  /**
   * Gives the {@link TracesSampler} what it may ask for by {@link SamplingContext#get}. Replaces
   * what was set before; null forgets it. Call it between {@code continueTrace} and the start of
   * the service span. The map is copied, but its values are kept as they are, for as long as the
   * scope.
   *
   * <pre>{@code
   * Traces.currentScope().setCustomSamplingContext(Map.of("tenant", tenant));
   * }</pre>
   */
  public Scope setCustomSamplingContext(@Nullable Map<String, ?> context) {
    Map<String, Object> copy = new HashMap<>();
    try {
      if (context != null) {
        context.forEach(copy::put);
      }
    } catch (Throwable hostile) {
      // What the map gave before it threw counts.
    }
    synchronized (this) {
      data = new Data(data.attributes, data.user, copy);
    }
    return this;
  }

  /**
   * The span that is active for the caller, of whatever tracer, if this is one of the caller's
   * scopes; else null (sdk/telemetry/spans, "Utility APIs").
   */
  public @Nullable Span getSpan() {
    TraceContext context = TraceContext.current();
    for (Scope scope = context.scope(); scope != null; scope = scope.wider) {
      if (scope == this) {
        return context.active();
      }
    }
    return null;
  }

  /**
   * Forgets everything that was set on this scope: attributes, user, and custom sampling context.
   */
  public synchronized void clear() {
    data = Data.EMPTY;
  }

  /** What this scope and the wider ones hold now; not to be changed. */
  AttributeList mergedAttributes() {
    Data current = data;
    AttributeList above = wider == null ? AttributeList.EMPTY : wider.mergedAttributes();
    if (current.user == null && (current.attributes.isEmpty() || above.isEmpty())) {
      return above.isEmpty() ? current.attributes : above;
    }
    AttributeList merged = new AttributeList(above);
    if (current.user != null) {
      // A user is one thing: never the id of one scope and the address of another.
      User.removeFrom(merged);
      current.user.addTo(merged);
    }
    merged.putAll(current.attributes);
    return merged;
  }

  @Nullable Object customSamplingValue(@Nullable String key) {
    for (Scope scope = this; scope != null; scope = scope.wider) {
      Object value = key == null ? null : scope.data.sampling.get(key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}

package dev.spanstream;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes spans of the calls of methods marked by {@link Trace}; the others just go through. */
final class TracedProxy implements InvocationHandler {
  private record Plan(String name, Map<String, Object> attributes, boolean active) {}

  /** A method of the interface that may be called from here, and the plan if it is marked. */
  private record Call(Method method, @Nullable Plan plan) {}

  private final Object target;
  private final Map<Method, Call> calls;

  private TracedProxy(Object target, Map<Method, Call> calls) {
    this.target = target;
    this.calls = calls;
  }

  static <T> T of(Class<T> type, T target) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(target, "target");
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          type.getName() + " is no interface; put the @Trace methods into one");
    }
    Map<Method, Call> calls = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        calls.put(method, call(type, method));
      }
    }
    InvocationHandler handler = new TracedProxy(target, calls);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Call call(Class<?> type, Method method) {
    // Interfaces need not be public, but then their methods must be opened.
    if (!method.trySetAccessible()) {
      throw new IllegalArgumentException(
          method
              + " cannot be called from here; open the package "
              + type.getPackageName()
              + " to the module dev.spanstream");
    }
    Trace trace = method.getAnnotation(Trace.class);
    return new Call(method, trace == null ? null : plan(type, method, trace));
  }

  private static Plan plan(Class<?> type, Method method, Trace trace) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("sentry.op", "function");
    for (String attribute : trace.attributes()) {
      int equals = attribute.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "@Trace attribute '" + attribute + "' on " + method + " must be of the form key=value");
      }
      attributes.put(attribute.substring(0, equals), attribute.substring(equals + 1));
    }
    String name =
        trace.name().isEmpty() ? type.getSimpleName() + "." + method.getName() : trace.name();
    return new Plan(name, attributes, trace.active());
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    Call call = calls.get(method);
    if (call == null) { // A method of Object.
      return isEquals(method) ? proxy == onlyOf(arguments) : invokeTarget(method, arguments);
    }
    Plan plan = call.plan;
    if (plan == null) {
      return invokeTarget(call.method, arguments);
    }
    BaseSpan span =
        (BaseSpan)
            Traces.spanBuilder(plan.name)
                .setAttributes(plan.attributes)
                .setActive(plan.active)
                .startSpan();
    try {
      return invokeTarget(call.method, arguments);
    } catch (Throwable thrown) {
      SpanErrors.record(span, thrown);
      throw thrown;
    } finally {
      span.end();
    }
  }

  private @Nullable Object invokeTarget(Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static boolean isEquals(Method method) {
    return method.getName().equals("equals");
  }

  private static @Nullable Object onlyOf(@Nullable Object @Nullable [] arguments) {
    return arguments == null ? null : arguments[0];
  }
}

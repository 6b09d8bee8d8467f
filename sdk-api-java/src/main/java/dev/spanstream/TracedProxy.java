package dev.spanstream;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes spans of the calls of methods marked by {@link Trace}; the others just go through. */
final class TracedProxy implements InvocationHandler {
  private record Plan(String name, Map<String, Object> attributes, boolean active) {}

  private final Object target;
  private final Map<Method, Plan> plans;

  private TracedProxy(Object target, Map<Method, Plan> plans) {
    this.target = target;
    this.plans = plans;
  }

  static <T> T of(Class<T> type, T target) {
    Objects.requireNonNull(target, "target");
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          type.getName() + " is no interface; put the @Trace methods into one");
    }
    Map<Method, Plan> plans = new HashMap<>();
    for (Method method : type.getMethods()) {
      Trace trace = method.getAnnotation(Trace.class);
      if (trace != null) {
        plans.put(method, plan(type, method, trace));
      }
    }
    InvocationHandler handler = new TracedProxy(target, plans);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
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
    Plan plan = plans.get(method);
    if (plan == null) {
      return isEquals(method) ? proxy == onlyOf(arguments) : invokeTarget(method, arguments);
    }
    BaseSpan span =
        (BaseSpan)
            Traces.spanBuilder(plan.name)
                .setAttributes(plan.attributes)
                .setActive(plan.active)
                .startSpan();
    try {
      return invokeTarget(method, arguments);
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
    return method.getDeclaringClass() == Object.class && method.getName().equals("equals");
  }

  private static @Nullable Object onlyOf(@Nullable Object @Nullable [] arguments) {
    return arguments == null ? null : arguments[0];
  }
}

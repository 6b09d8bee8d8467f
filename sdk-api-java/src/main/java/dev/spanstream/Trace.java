package dev.spanstream;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a span of each call of an interface method, through {@link Traces#traced(Class, Object)};
 * elsewhere it does nothing. The span has the attribute {@code sentry.op} = {@code function}, and
 * an exception marks it as {@link Traces#call} says.
 *
 * <pre>{@code
 * interface Payments {
 *   @Trace(attributes = "payment.provider=acme")
 *   Receipt charge(Order order);
 * }
 *
 * Payments payments = Traces.traced(Payments.class, new AcmePayments());
 * }</pre>
 *
 * <p>The span ends when the method returns: for a method that returns a future, or a suspending
 * one, that is before the work is done.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Trace {
  /**
   * The name of the span. Default, and if empty: {@code Type.method}, by the type that was given to
   * {@code traced}.
   */
  String name() default "";

  /**
   * Attributes of the form {@code key=value}, always strings; the value begins after the first
   * {@code =}. Default: none.
   */
  String[] attributes() default {};

  /**
   * Whether the span becomes the active one, the parent of what the method starts. Default: true.
   */
  boolean active() default true;
}

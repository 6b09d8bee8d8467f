package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code Traces.traced(type, target)} with {@link Trace}. */
class TracedProxyTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  interface Base<T> {
    @Trace
    T inherited(T argument);
  }

  interface Payments extends Base<String> {
    @Trace(
        name = "charge",
        attributes = {"provider=acme", "empty=", "pair=a=b"})
    String charge(int amount) throws IOException;

    @Trace(active = false)
    String passive();

    String unmarked();

    @Trace
    default String byDefault() {
      return "default of " + unmarked();
    }

    static String helper() {
      return "static";
    }

    @Override
    String toString();
  }

  private static final class Acme implements Payments {
    @Override
    public String charge(int amount) throws IOException {
      if (amount < 0) {
        throw new IOException("declined");
      }
      if (amount == 0) {
        throw new StackOverflowError();
      }
      return "charged " + amount;
    }

    @Override
    public String passive() {
      return String.valueOf(Traces.currentSpan());
    }

    @Override
    public String unmarked() {
      return "unmarked";
    }

    @Override
    public String inherited(String argument) {
      return argument;
    }

    @Override
    public String toString() {
      return "Acme";
    }

    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Payments;
    }
  }

  private final Payments payments = Traces.traced(Payments.class, new Acme());

  @BeforeEach
  void init() {
    Traces.init(
        options -> {
          options.setSink(test.sink);
          options.setTracesSampleRate(1.0);
        });
  }

  @Test
  void aMarkedMethodMakesASpanOfEachCall() throws Exception {
    assertThat(payments.charge(5)).isEqualTo("charged 5");
    assertThat(test.sent("charge"))
        .containsEntry("sentry.op", "function")
        .containsEntry("provider", "acme")
        .containsEntry("empty", "")
        .containsEntry("pair", "a=b");
  }

  @Test
  void theDefaultNameIsTypeAndMethod() {
    assertThat(payments.inherited("x")).isEqualTo("x");
    assertThat(payments.byDefault()).isEqualTo("default of unmarked");
    assertThat(test.sink.tree()).isEqualTo("Payments.inherited\nPayments.byDefault\n");
  }

  @Test
  void anUnmarkedMethodJustGoesThrough() {
    assertThat(payments.unmarked()).isEqualTo("unmarked");
    assertThat(Payments.helper()).isEqualTo("static");
    assertThat(test.sink.spans()).isEmpty();
  }

  @Test
  void anInactiveSpanIsNotActive() {
    assertThat(payments.passive()).isEqualTo("null");
    assertThat(test.sink.tree()).isEqualTo("Payments.passive\n");
  }

  @Test
  void whatTheTargetThrowsComesOutAsItIsAndSetsError() {
    assertThatThrownBy(() -> payments.charge(-1))
        .isInstanceOf(IOException.class)
        .hasMessage("declined");
    assertThat(test.only("charge").getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(test.sent("charge")).containsEntry("error.type", "java.io.IOException");
    test.sink.clear();
    assertThatThrownBy(() -> payments.charge(0)).isInstanceOf(StackOverflowError.class);
    assertThat(test.only("charge").getStatus()).isEqualTo(SpanStatus.ERROR);
  }

  @Test
  void aProxyEqualsItselfOnlyAndElseIsItsTarget() {
    Payments other = Traces.traced(Payments.class, new Acme());
    assertThat(payments.equals(payments)).isTrue();
    assertThat(payments.equals(other)).isFalse();
    assertThat(payments.equals(null)).isFalse();
    assertThat(payments).hasToString("Acme").hasSameHashCodeAs(42);
    assertThat(test.sink.spans()).isEmpty();
  }

  @Test
  void interfacesOfTheJdkCanBeWrapped() {
    @SuppressWarnings("unchecked")
    Supplier<String> supplier = Traces.traced(Supplier.class, () -> "supplied");
    assertThat(supplier.get()).isEqualTo("supplied");
  }

  @Test
  void whileDisabledItStillWorks() throws Exception {
    Traces.close();
    assertThat(payments.charge(5)).isEqualTo("charged 5");
  }

  interface Malformed {
    @Trace(attributes = "=v")
    void call();
  }

  @Test
  void itRefusesWhatItCannotWrap() {
    assertThatThrownBy(() -> Traces.traced(Acme.class, new Acme()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no interface; put the @Trace methods into one");
    assertThatThrownBy(() -> Traces.traced(Malformed.class, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'=v'")
        .hasMessageEndingWith("must be of the form key=value");
    assertThatThrownBy(() -> Traces.traced(Payments.class, null)).hasMessage("target");
    assertThatThrownBy(() -> Traces.traced((Class<Payments>) null, payments)).hasMessage("type");
  }

  @Test
  void anInterfaceThatIsNotOpenToUsIsRefusedWithAWord() throws Exception {
    // A public interface of a package that the JDK exports to nobody.
    Class<?> closed = Class.forName("sun.security.util.DerEncoder");
    assertThatThrownBy(() -> wrapUnchecked(closed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("open the package sun.security.util to the module dev.spanstream");
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void wrapUnchecked(Class type) {
    Traces.traced(type, Map.of());
  }
}

package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an exception makes of a span. */
class ErrorStatusTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private static final class Cancelled extends CancellationException {
    private static final long serialVersionUID = 1;
  }

  /** One that runs code in a span called "work". */
  private interface Way {
    void run(ErrorStatusTest self, Consumer<TracingOptions> options, Body body) throws Exception;
  }

  interface Body {
    @Trace(name = "work")
    Object run() throws Exception;
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        way(
            "call",
            (self, options, body) -> self.test.with(options).call("work", span -> body.run())),
        way(
            "run",
            (self, options, body) ->
                self.test.with(options).<Exception>run("work", span -> body.run())),
        way(
            "traced callable",
            (self, options, body) -> {
              self.initTraces(options);
              Traces.traced("work", (Callable<Object>) body::run).call();
            }),
        way(
            "traced runnable",
            (self, options, body) -> {
              self.initTraces(options);
              Traces.traced("work", (Runnable) () -> runUnchecked(body)).run();
            }),
        way(
            "@Trace",
            (self, options, body) -> {
              self.initTraces(options);
              Traces.traced(Body.class, body).run();
            }));
  }

  private static Arguments way(String name, Way way) {
    return Arguments.argumentSet(name, way);
  }

  private void initTraces(Consumer<TracingOptions> options) {
    Traces.init(
        all -> {
          all.setSink(test.sink);
          all.setTracesSampleRate(1.0);
          options.accept(all);
        });
  }

  /** Lets a checked exception through, as Kotlin does. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> void runUnchecked(Body body) throws E {
    try {
      body.run();
    } catch (Exception e) {
      throw (E) e;
    }
  }

  private Throwable thrownBy(Way way, Consumer<TracingOptions> options, Throwable thrown) {
    return catchThrowable(
        () ->
            way.run(
                this,
                options,
                () -> {
                  if (thrown instanceof Error error) {
                    throw error;
                  }
                  throw (Exception) thrown;
                }));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatIsThrownSetsErrorAndItsTypeAndIsThrownOn(Way way) {
    IOException thrown = new IOException("secret");
    assertThat(thrownBy(way, options -> {}, thrown)).isSameAs(thrown);
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(test.sent("work"))
        .containsEntry("error.type", "java.io.IOException")
        .doesNotContainKey("exception.message");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void errorsOfTheMachineCountToo(Way way) {
    StackOverflowError thrown = new StackOverflowError();
    assertThat(thrownBy(way, options -> {}, thrown)).isSameAs(thrown);
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.ERROR);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theMessageIsSentOnlyWithPii(Way way) {
    thrownBy(way, options -> options.setSendDefaultPii(true), new IOException("no such card"));
    assertThat(test.sent("work")).containsEntry("exception.message", "no such card");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aCancellationIsNoError(Way way) {
    Cancelled thrown = new Cancelled();
    assertThat(thrownBy(way, options -> {}, thrown)).isSameAs(thrown);
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.OK);
    assertThat(test.sent("work")).doesNotContainKey("error.type");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aTimeoutOfCoroutinesIsAnErrorThoughACancellation(Way way) {
    thrownBy(way, options -> {}, new kotlinx.coroutines.TimeoutCancellationException());
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.ERROR);
  }

  @Test
  void anErrorOfTheUserIsNeverReset() {
    Tracer tracer = test.recording();
    tracer.run("fine", span -> span.setStatus(SpanStatus.ERROR));
    catchThrowable(
        () ->
            tracer.run(
                "cancelled",
                span -> {
                  span.setStatus("error");
                  throw new Cancelled();
                }));
    assertThat(test.only("fine").getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(test.only("cancelled").getStatus()).isEqualTo(SpanStatus.ERROR);
  }

  @Test
  void aMissingMessageSetsNothingAndAThrowingOneDoesNotHurt() {
    Tracer tracer = test.with(options -> options.setSendDefaultPii(true));
    catchThrowable(
        () ->
            tracer.run(
                "no message",
                span -> {
                  throw new IllegalStateException();
                }));
    RuntimeException hostile =
        new RuntimeException() {
          private static final long serialVersionUID = 1;

          @Override
          public String getMessage() {
            throw new UnsupportedOperationException();
          }
        };
    Throwable caught =
        catchThrowable(
            () ->
                tracer.run(
                    "hostile",
                    span -> {
                      throw hostile;
                    }));
    assertThat(test.sent("no message")).doesNotContainKey("exception.message");
    assertThat(caught).isSameAs(hostile);
    assertThat(test.sent("hostile")).containsEntry("exception.message", "(unreadable)");
  }

  @Test
  void callReturnsTheResultAndTheSpanIsActiveMeanwhile() throws Exception {
    Tracer tracer = test.recording();
    String result =
        tracer.call(
            "work",
            span -> {
              assertThat(tracer.currentSpan()).isSameAs(span);
              return "done";
            });
    assertThat(result).isEqualTo("done");
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.OK);
  }

  @Test
  void anUnsampledSpanPassesExceptionsOnToo() {
    Throwable caught =
        catchThrowable(
            () ->
                test.unsampled()
                    .run(
                        "work",
                        span -> {
                          throw new IOException("x");
                        }));
    assertThat(caught).isInstanceOf(IOException.class);
    assertThat(test.sink.spans()).isEmpty();
  }
}

package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DESIGN 3 "Errors". */
class ErrorStatusTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private static final class Cancelled extends CancellationException {
    private static final long serialVersionUID = 1;
  }

  private interface Way {
    void run(Tracer tracer, Callable<Object> body) throws Exception;
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        Arguments.argumentSet(
            "call", (Way) (tracer, body) -> tracer.call("work", span -> body.call())),
        Arguments.argumentSet(
            "run", (Way) (tracer, body) -> tracer.<Exception>run("work", span -> body.call())));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatIsThrownSetsErrorAndItsTypeAndIsThrownOn(Way way) {
    IOException thrown = new IOException("secret");
    Throwable caught =
        catchThrowable(
            () ->
                way.run(
                    test.recording(),
                    () -> {
                      throw thrown;
                    }));
    assertThat(caught).isSameAs(thrown);
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(test.sent("work"))
        .containsEntry("error.type", "java.io.IOException")
        .doesNotContainKey("exception.message");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void errorsOfTheMachineCountToo(Way way) {
    Throwable caught =
        catchThrowable(
            () ->
                way.run(
                    test.recording(),
                    () -> {
                      throw new StackOverflowError();
                    }));
    assertThat(caught).isInstanceOf(StackOverflowError.class);
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.ERROR);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theMessageIsSentOnlyWithPii(Way way) {
    Tracer tracer = test.with(options -> options.setSendDefaultPii(true));
    catchThrowable(
        () ->
            way.run(
                tracer,
                () -> {
                  throw new IOException("no such card");
                }));
    assertThat(test.sent("work")).containsEntry("exception.message", "no such card");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aCancellationIsNoError(Way way) {
    Throwable caught =
        catchThrowable(
            () ->
                way.run(
                    test.recording(),
                    () -> {
                      throw new Cancelled();
                    }));
    assertThat(caught).isInstanceOf(Cancelled.class);
    assertThat(test.only("work").getStatus()).isEqualTo(SpanStatus.OK);
    assertThat(test.sent("work")).doesNotContainKey("error.type");
  }

  @Test
  void aTimeoutOfCoroutinesIsAnErrorThoughACancellation() {
    catchThrowable(
        () ->
            test.recording()
                .run(
                    "work",
                    span -> {
                      throw new kotlinx.coroutines.TimeoutCancellationException();
                    }));
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

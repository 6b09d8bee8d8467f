package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spanstream.internal.ContextDoor;
import dev.spanstream.sink.InMemorySpanSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class StrictModeTest {
  private final StrictMode strict = new StrictMode();
  private final Tracer tracer =
      Tracer.create(
          options -> {
            options.setSink(new InMemorySpanSink());
            options.setTracesSampleRate(1.0);
            options.setStrictMode(strict);
          });

  private ContextDoor.Handle left;

  @Test
  void spansThatAreUsedAsTheyAreMeantToBePass() {
    tracer.run("outer", outer -> tracer.run("inner", inner -> {}));
    Span handedOver = tracer.spanBuilder("handed over").setActive(false).startSpan();
    CompletableFuture.runAsync(handedOver::end).join();

    assertThatCode(strict::verify).doesNotThrowAnyException();
  }

  @Test
  void aSpanLeftOpenFailsWithTheStackTraceOfItsStart() {
    Span forgotten = startedHere();

    Throwable finding = onlyFinding();
    assertThat(finding).hasMessage("'forgotten' was started here and has not ended");
    assertThat(finding.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("startedHere"));
    forgotten.end();
  }

  @Test
  void anActiveSpanThatEndsOnAnotherThreadFailsWithTheStackTraceOfItsStart() {
    Span span = startedHere();
    CompletableFuture.runAsync(span::end).join();

    Throwable finding = onlyFinding();
    assertThat(finding).hasMessageContaining("setActive(false)");
    assertThat(finding.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("startedHere"));
  }

  @Test
  void aPooledThreadLeftInTheContextOfARequestFails() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    Span span = CompletableFuture.supplyAsync(this::forgottenInARequest, pool).join();

    Throwable finding = lastFinding(2);
    assertThat(finding).hasMessageContaining("in which 'forgotten', started here, is active");
    assertThat(finding.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("startedHere"));
    CompletableFuture.runAsync(span::end, pool).join();
    CompletableFuture.runAsync(() -> ContextDoor.open().restore(left), pool).join();
    pool.shutdown();
  }

  /** What a framework does that puts a context on a thread and never takes it off. */
  private Span forgottenInARequest() {
    ContextDoor door = ContextDoor.open();
    left = door.install(door.isolated());
    return startedHere();
  }

  @Test
  void anUnsampledSpanLeftOpenFailsToo() {
    StrictMode unsampled = new StrictMode();
    Tracer none =
        Tracer.create(
            options -> {
              options.setSink(new InMemorySpanSink());
              options.setTracesSampleRate(0.0);
              options.setStrictMode(unsampled);
            });
    Span forgotten = none.startSpan("forgotten");

    assertThat(catchThrowableOfType(AssertionError.class, unsampled::verify).getSuppressed())
        .hasSize(1);
    forgotten.end();
    assertThatCode(unsampled::verify).doesNotThrowAnyException();
  }

  private Span startedHere() {
    return tracer.startSpan("forgotten");
  }

  private Throwable onlyFinding() {
    return lastFinding(1);
  }

  /** The last of so many findings. */
  private Throwable lastFinding(int count) {
    Throwable[] findings =
        catchThrowableOfType(AssertionError.class, strict::verify).getSuppressed();
    assertThat(findings).hasSize(count);
    return findings[count - 1];
  }
}

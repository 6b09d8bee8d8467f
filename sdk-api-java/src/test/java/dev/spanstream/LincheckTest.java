package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.DropReason;
import dev.spanstream.sink.InMemorySpanSink;
import java.time.Instant;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whether what threads see could have come about one call after another. Model checking tries
 * interleavings and shows the bad one; what only the memory model allows is left to {@link
 * ConcurrencyTest}. Few and short, for they are slow.
 */
@Timeout(1_800)
class LincheckTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  /*
   * Hunted: end || setAttribute || getAttributes || a second end. Bad would be a write that is
   * seen although the end was seen before it, two ends that both deliver, or a torn list.
   */
  public static class OneSpan {
    private final InMemorySpanSink sink = new InMemorySpanSink();
    private final Tracer tracer =
        Tracer.create(
            options -> {
              options.setSink(sink);
              options.setTracesSampleRate(1.0);
              options.setClock(() -> START);
            },
            name -> null);
    private final Span span = tracer.spanBuilder("s").setActive(false).startSpan();

    @Operation
    public void write(@Param(gen = IntGen.class, conf = "1:3") int value) {
      span.setAttribute("k", value);
    }

    @Operation
    public String read() {
      return String.valueOf(span.getAttributes().get("k"));
    }

    @Operation
    public void end(@Param(gen = IntGen.class, conf = "1:3") int seconds) {
      span.end(START.plusSeconds(seconds));
    }

    @Validate
    public void isDeliveredAtMostOnce() {
      // No AssertJ: its objects do not bear Lincheck's questions.
      if (sink.spans().size() > 1) {
        throw new IllegalStateException("delivered " + sink.spans().size() + " times");
      }
    }

    @Operation
    public String ended() {
      return String.valueOf(span.getEndTimestamp());
    }
  }

  /*
   * Hunted: two writers of one scope, each of which copies, adds and puts back. Bad would be a
   * write that is lost.
   */
  public static class OneScope {
    private final Scope scope = Scope.process().fork();

    @Operation
    public void set(
        @Param(gen = IntGen.class, conf = "1:2") int key,
        @Param(gen = IntGen.class, conf = "1:3") int value) {
      scope.setAttribute("k" + key, value);
    }

    @Operation
    public void remove(@Param(gen = IntGen.class, conf = "1:2") int key) {
      scope.removeAttribute("k" + key);
    }

    @Operation
    public Map<String, Object> read() {
      return scope.mergedAttributes().toMap();
    }
  }

  /*
   * Hunted: T1 reads the ended ones, T2 ends and drops one, T1 reads the dropped ones. Bad would be
   * more that were dropped than have ended.
   */
  public static class TheAccounts {
    private final Accounts accounts = new Accounts();

    @Operation
    public void loseRecorded() {
      accounts.started();
      accounts.endedRecorded();
      accounts.lost(DropReason.BUFFER_OVERFLOW);
    }

    @Operation
    public void endUnrecorded() {
      accounts.started();
      accounts.endedUnrecorded(DropReason.SAMPLE_RATE);
    }

    @Operation
    public boolean nothingIsNegative() {
      TracerStats stats = accounts.balance(null, 0);
      return stats.open() >= 0 && stats.sent() >= 0;
    }
  }

  @Test
  void noInterleavingMakesAnAccountNegative() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(300)
        .threads(2)
        .actorsPerThread(2)
        .check(TheAccounts.class);
  }

  @Test
  void aSpanBehavesAsIfItsCallsCameOneAfterAnother() {
    new ModelCheckingOptions()
        .iterations(3)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(2)
        .check(OneSpan.class);
  }

  @Test
  void noInterleavingOfScopeWritesLosesOne() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(2)
        .check(OneScope.class);
    assertThat(Scope.process().mergedAttributes().isEmpty()).isTrue();
  }
}

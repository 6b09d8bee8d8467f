package dev.spanstream.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spanstream.Span;
import dev.spanstream.Tracer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users test their own spans with. */
class InMemorySpanSinkTest {
  private final InMemorySpanSink sink = new InMemorySpanSink();
  private final Tracer tracer =
      Tracer.create(
          options -> {
            options.setSink(sink);
            options.setTracesSampleRate(1.0);
          });

  @AfterEach
  void nothingIsLeftOpen() {
    tracer.close();
    assertThat(tracer.stats().open()).isZero();
  }

  @Test
  void spansAreKeptInTheOrderOfTheirEnds() {
    tracer.run("outer", span -> tracer.run("inner", inner -> {}));
    assertThat(sink.spans()).extracting(FinishedSpan::getName).containsExactly("inner", "outer");
  }

  @Test
  void aTreeShowsParentsAboveTheirChildrenInTheOrderOfTheirStarts() {
    tracer.run(
        "checkout",
        span -> {
          tracer.run("charge card", inner -> tracer.run("call bank", call -> {}));
          tracer.run("send receipt", inner -> {});
        });
    tracer.run("another", span -> {});
    assertThat(sink.tree())
        .isEqualTo(
            """
            checkout
              charge card
                call bank
              send receipt
            another
            """);
  }

  @Test
  void aSpanWhoseParentIsNotHereStandsAtTheMargin() {
    Span parent = tracer.startSpan("parent");
    tracer.run("child", span -> {});
    assertThat(sink.tree()).isEqualTo("child\n");
    parent.end();
    assertThat(sink.tree()).isEqualTo("parent\n  child\n");
  }

  @Test
  void onlyFindsTheOneSpanOfANameOrShowsWhatThereIs() {
    tracer.run("once", span -> {});
    tracer.run("twice", span -> {});
    tracer.run("twice", span -> {});
    assertThat(sink.only("once").getName()).isEqualTo("once");
    assertThat(sink.named("twice")).hasSize(2);
    assertThatThrownBy(() -> sink.only("twice"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("2 spans are named 'twice', not one, of these:\nonce\ntwice\ntwice\n");
    assertThatThrownBy(() -> sink.only("never")).hasMessageStartingWith("0 spans are named");
  }

  @Test
  void childrenAreTheDirectOnes() {
    tracer.run("a", a -> tracer.run("b", b -> tracer.run("c", c -> {})));
    assertThat(sink.childrenOf(sink.only("a"))).containsExactly(sink.only("b"));
  }

  @Test
  void clearForgets() {
    tracer.run("a", a -> {});
    sink.clear();
    assertThat(sink.spans()).isEmpty();
    assertThat(sink.tree()).isEmpty();
  }

  @Test
  void asASinkItAcceptsOnTheSpotAndNeedsNoCare() {
    sink.dropped(DropReason.IGNORED, 1);
    assertThat(sink.flush(Duration.ZERO)).isTrue();
    assertThat(sink.stats()).isNull();
    assertThat(sink.downsampleFactor()).isZero();
    assertThat(new SinkStats(1, 2, Map.of(DropReason.IGNORED, 3L)).dropped())
        .containsEntry(DropReason.IGNORED, 3L);
  }
}

package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a span takes of the memory, in bytes, which do not depend on the machine's mood. See
 * benchmarks/HISTORY.md for how they came about.
 */
class AllocationTest {
  private static final int SPANS = 100_000;

  @RegisterExtension final TestTracer test = new TestTracer();

  private static double bytesPerSpan(Runnable span) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < SPANS; i++) {
      span.run();
    }
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    for (int i = 0; i < SPANS; i++) {
      span.run();
    }
    // Less than one byte a span is what the measurement itself takes.
    return Math.floor((double) (threads.getThreadAllocatedBytes(id) - before) / SPANS);
  }

  @Test
  void aDisabledTracerAllocatesNothing() {
    Tracer disabled = test.with(options -> options.setTracesSampleRate(null));
    assertThat(bytesPerSpan(() -> disabled.startSpan("s").setAttribute("k", "v").end())).isZero();
    assertThat(bytesPerSpan(() -> Traces.startSpan("s").end())).isZero();
  }

  @Test
  void anUnsampledChildAllocatesOneSmallObject() {
    test.lenient();
    Tracer tracer = test.unsampled();
    try (Span service = tracer.startSpan("service")) {
      assertThat(bytesPerSpan(() -> tracer.startSpan("child").setAttribute("k", "v").end()))
          .isLessThanOrEqualTo(24);
      assertThat(service.isSampled()).isFalse();
    }
  }

  @Test
  void anUnsampledServiceSpanAllocatesItsTreeAndItself() {
    test.lenient();
    Tracer tracer = test.unsampled();
    assertThat(bytesPerSpan(() -> tracer.startSpan("service").end())).isLessThanOrEqualTo(56);
  }

  /**
   * Without what the sink does with it: this one forgets it. A service span takes 144 bytes, and an
   * instant more where the compiler does not see that nobody keeps it.
   */
  @Test
  void aRecordedSpanAllocatesItselfAndItsAttributes() {
    test.lenient();
    Tracer tracer = test.with(options -> options.setSink(span -> {}));
    assertThat(bytesPerSpan(() -> tracer.startSpan("service").end())).isLessThanOrEqualTo(168);
    try (Span service = tracer.startSpan("service")) {
      assertThat(bytesPerSpan(() -> tracer.startSpan("child").end())).isLessThanOrEqualTo(88);
      assertThat(
              bytesPerSpan(
                  () ->
                      tracer
                          .startSpan("child")
                          .setAttribute("text", "price order")
                          .setAttribute("number", 7)
                          .setAttribute("truth", true)
                          .end()))
          .isLessThanOrEqualTo(168);
      assertThat(service.isSampled()).isTrue();
    }
  }
}

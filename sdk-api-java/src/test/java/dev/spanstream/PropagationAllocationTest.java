package dev.spanstream;

import static dev.spanstream.TestTracer.DSN;
import static dev.spanstream.TestTracer.KEY;
import static dev.spanstream.TestTracer.SPAN_ID;
import static dev.spanstream.TestTracer.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an incoming trace costs each request, sampled or not: bytes, which do not depend on the
 * machine's mood. The numbers are those measured when this was written; a quarter more is allowed.
 */
class PropagationAllocationTest {
  private static final int TIMES = 5_000;
  private static final int ROUNDS = 50;
  private static final String SENTRY_TRACE = TRACE_ID + "-" + SPAN_ID + "-1";
  private static final String BAGGAGE =
      "sentry-trace_id="
          + TRACE_ID
          + ",sentry-public_key="
          + KEY
          + ",sentry-sample_rate=0.25,sentry-sample_rand=0.104233,sentry-org_id=447951";

  @RegisterExtension final TestTracer test = new TestTracer();

  /** So that the compiler cannot find out that nobody wants it. */
  @SuppressWarnings("unused")
  private volatile Object result;

  /** The least of many rounds: the first ones run before the compiler has come to all of it. */
  private long bytes(int times, Supplier<Object> operation) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < times; i++) {
        result = operation.get();
      }
      least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / times);
    }
    return least;
  }

  private static long quarterMoreThan(long measured) {
    return measured + measured / 4;
  }

  private static Object continued(Tracer tracer, Map<String, String> headers) {
    tracer.continueTrace(headers);
    return TraceContext.current().trace();
  }

  @Test
  void aSentryTraceHeaderIsReadIntoOneObject() {
    assertThat(bytes(TIMES, () -> TraceParent.fromSentryTrace(SENTRY_TRACE)))
        .isBetween(1L, quarterMoreThan(40));
  }

  @Test
  void aTraceWhoseBaggageNobodyReadsIsContinuedWithoutReadingItAll() {
    test.lenient();
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    Map<String, String> headers = TestTracer.headers(SENTRY_TRACE, BAGGAGE);
    assertThat(bytes(TIMES, () -> continued(tracer, headers))).isBetween(1L, quarterMoreThan(232));
    assertThat(tracer.traceHeaders()).containsEntry("baggage", BAGGAGE);
  }

  @Test
  void aSampledRequestThatCallsAnotherServiceReadsAndWritesTheBaggageOnce() {
    test.lenient();
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    Map<String, String> headers = TestTracer.headers(SENTRY_TRACE, BAGGAGE);
    Supplier<Object> request =
        () -> {
          tracer.continueTrace(headers);
          try (Span span = tracer.startSpan("request")) {
            return span.isSampled() ? tracer.traceHeaders() : Map.of();
          } finally {
            test.sink.clear();
          }
        };
    assertThat(bytes(TIMES, request)).isBetween(1L, quarterMoreThan(2_608));
    assertThat(result).asInstanceOf(MAP).containsEntry("baggage", BAGGAGE);
  }

  @Test
  void aHeaderOfThousandsOfOddMembersCostsAboutTenTimesItsLength() {
    test.lenient();
    Tracer tracer = test.with(options -> options.setDsn(DSN));
    String hostile = "sentry-%C3%A9=%C3%A9,sentry-a=%C3,sentry-b=%C3%A9,".repeat(1_300);
    Map<String, String> headers = TestTracer.headers(SENTRY_TRACE, hostile);
    assertThat(bytes(10, () -> continued(tracer, headers))).isBetween(1L, quarterMoreThan(655_704));
  }
}

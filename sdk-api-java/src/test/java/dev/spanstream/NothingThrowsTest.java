package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After init nothing throws into the application. */
class NothingThrowsTest {
  /** Those that run the user's code, which is missing here. */
  private static final Set<String> RUN_A_BODY = Set.of("call", "run");

  @RegisterExtension final TestTracer test = new TestTracer();

  static Stream<Arguments> methods() {
    return Stream.of(Span.class, SpanBuilder.class, Scope.class, Tracer.class, SpanEdit.class)
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .filter(method -> method.getDeclaringClass().getPackageName().equals("dev.spanstream"))
        .filter(method -> !RUN_A_BODY.contains(method.getName()))
        .filter(method -> !method.getName().equals("create"))
        .map(method -> Arguments.argumentSet(signature(method), method));
  }

  private static String signature(Method method) {
    List<String> types = new ArrayList<>();
    for (Class<?> type : method.getParameterTypes()) {
      types.add(type.getSimpleName());
    }
    return method.getDeclaringClass().getSimpleName() + "." + method.getName() + types;
  }

  /** What the method is called on, in every state that it may be in. */
  private List<Object> targets(Class<?> type) {
    Tracer recording = test.recording();
    Tracer unsampled = test.unsampled();
    Tracer disabled = test.with(options -> options.setSink(null));
    if (type == Span.class) {
      Span ended = recording.startSpan("ended");
      ended.end();
      return List.of(
          recording.startSpan("open"), ended, unsampled.startSpan("no"), disabled.startSpan("no"));
    }
    if (type == SpanBuilder.class) {
      return List.of(recording.spanBuilder(null), disabled.spanBuilder(null));
    }
    if (type == Scope.class) {
      return List.of(Traces.globalScope(), Traces.isolationScope(), Traces.currentScope());
    }
    if (type == SpanEdit.class) {
      List<Object> edits = new ArrayList<>();
      test.with(options -> options.setBeforeSendSpan(edits::add)).startSpan("edit").end();
      return edits;
    }
    Tracer closed = test.recording();
    closed.close();
    return List.of(recording, unsampled, disabled, closed);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aMethodGivenNothingButNullsDoesNotThrow(Method method) {
    Object[] nulls = new Object[method.getParameterCount()];
    for (int i = 0; i < nulls.length; i++) {
      nulls[i] = nullOrZero(method.getParameterTypes()[i]);
    }
    List<Object> targets = targets(method.getDeclaringClass());
    List<Object> results = new ArrayList<>();
    for (Object target : targets) {
      assertThatCode(() -> results.add(method.invoke(target, nulls))).doesNotThrowAnyException();
    }
    targets.forEach(NothingThrowsTest::end);
    results.forEach(NothingThrowsTest::end);
  }

  /** What a new array of the type is filled with. */
  private static Object nullOrZero(Class<?> type) {
    return Array.get(Array.newInstance(type, 1), 0);
  }

  private static void end(Object maybeSpan) {
    if (maybeSpan instanceof Span span) {
      span.end();
    }
  }

  @Test
  void theStaticDoorTakesNulls() {
    Traces.init(
        options -> {
          options.setSink(test.sink);
          options.setTracesSampleRate(1.0);
        });
    Traces.startSpan(null).end();
    Traces.startSpan(null, null).end();
    Traces.spanBuilder(null).startSpan().end();
    Traces.continueTrace(null);
    Traces.setAttribute(null, null);
    Traces.setAttributes(null);
    Traces.removeAttribute(null);
    assertThat(Traces.traceHeaders(null)).isEmpty();
    assertThat(Traces.flush(null)).isTrue();
    assertThat(test.sink.spans()).hasSize(3).allMatch(span -> span.getName().isEmpty());
  }

  @Test
  void aLoggerThatThrowsDoesNotReachTheApplication() {
    Logger logger = Logger.getLogger("dev.spanstream");
    Handler throwing =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            throw new StackOverflowError();
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(throwing);
    try {
      Tracer tracer =
          test.with(
              options -> {
                options.setDebug(true);
                options.setTracesSampler(context -> Double.NaN);
              });
      tracer.startSpan("s").end();
      assertThat(tracer.stats().droppedTotal()).isEqualTo(1);
    } finally {
      logger.removeHandler(throwing);
    }
  }

  @Test
  void aLoggerThatReadsTheSpanThatItIsToldOfDoesNotHang() {
    Tracer tracer = test.with(options -> options.setDebug(true));
    Logger logger = Logger.getLogger("dev.spanstream");
    List<Integer> seen = new ArrayList<>();
    try (Span span = tracer.startSpan("full")) {
      for (int i = 0; i < 1_024; i++) {
        span.setAttribute("a" + i, i);
      }
      Handler reading =
          new Handler() {
            @Override
            public void publish(LogRecord logged) {
              seen.add(span.getAttributes().size());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
          };
      logger.addHandler(reading);
      span.setAttribute("one too many", true);
      logger.removeHandler(reading);
    }
    assertThat(seen).containsExactly(1_024);
  }

  @Test
  void whatIsGivenNothingToRunSaysSoAtOnce() {
    Tracer tracer = test.recording();
    List<ThrowingCallable> calls =
        List.of(
            () -> tracer.call("s", null),
            () -> tracer.run("s", null),
            () -> Traces.traced("s", (Callable<Object>) null),
            () -> Traces.traced("s", (Runnable) null),
            () -> Traces.traced(Runnable.class, null),
            () -> Traces.wrap((Runnable) null),
            () -> Traces.wrap((Callable<Object>) null),
            () -> Traces.wrapSupplier(null),
            () -> Traces.wrap((Executor) null),
            () -> Traces.wrap((ExecutorService) null),
            () -> Traces.wrap((ScheduledExecutorService) null));
    for (ThrowingCallable call : calls) {
      assertThatNullPointerException()
          .isThrownBy(call)
          .withMessageMatching("body|task|target|executor");
    }
    assertThat(tracer.stats().started()).isZero();
  }

  @Test
  void valuesThatCannotBePrintedInALogDoNotHurt() {
    Tracer tracer = test.with(options -> options.setDebug(true));
    try (Span span = tracer.startSpan("%s %d %n %")) {
      span.setAttribute("%", null).setStatus("%d");
    }
    assertThat(test.logs).hasSize(2);
  }

  @Test
  void aCallbackThatStartsSpansItselfEndsInTheEnd() {
    Tracer[] tracer = new Tracer[1];
    int[] depth = {0};
    tracer[0] =
        test.with(
            options ->
                options.setBeforeSendSpan(
                    span -> {
                      if (depth[0]++ < 100) {
                        tracer[0].startSpan("from the callback").end();
                      }
                    }));
    tracer[0].startSpan("s", Map.of()).end();
    assertThat(test.sink.spans()).hasSize(101);
  }
}

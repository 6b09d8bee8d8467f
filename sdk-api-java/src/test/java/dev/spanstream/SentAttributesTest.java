package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.internal.SdkInfo;
import dev.spanstream.sink.FinishedSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on every span, and what on service spans only. */
class SentAttributesTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private Tracer described() {
    return test.with(
        options -> {
          options.setRelease("shop@1");
          options.setEnvironment("test");
          options.setDist("7");
          options.setServerName("web-1");
        });
  }

  private void serviceAndChild(Tracer tracer) {
    try (Span service = tracer.startSpan("service")) {
      tracer.startSpan("child").end();
      service.setAttribute("x", 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"service", "child"})
  void everySpanHasTheCommonAttributes(String name) {
    serviceAndChild(described());
    String serviceId = test.only("service").getSpanId();
    assertThat(test.sent(name))
        .containsEntry("sentry.segment.id", serviceId)
        .containsEntry("sentry.segment.name", "service")
        .containsEntry("sentry.trace_lifecycle", "stream")
        .containsEntry("sentry.origin", "manual")
        .containsEntry("sentry.release", "shop@1")
        .containsEntry("sentry.environment", "test")
        .containsEntry("sentry.sdk.name", "spanstream.java")
        .containsEntry("sentry.sdk.version", SdkInfo.VERSION)
        .containsEntry("sentry.platform", "java")
        .containsEntry("thread.id", Long.toString(Thread.currentThread().getId()))
        .containsEntry("thread.name", Thread.currentThread().getName())
        .containsEntry("os.name", System.getProperty("os.name"))
        .containsEntry("sentry.is_localhost", false)
        .doesNotContainKey("sentry.op");
    assertThat(SdkInfo.VERSION).matches("[0-9].*");
  }

  @Test
  void serviceSpansAloneDescribeTheProcess() {
    serviceAndChild(described());
    assertThat(test.sent("service"))
        .containsEntry("sentry.segment.name.source", "custom")
        .containsEntry("sentry.dist", "7")
        .containsEntry("server.address", "web-1")
        .containsEntry("process.pid", ProcessHandle.current().pid())
        .containsKeys("process.runtime.name", "process.runtime.version");
    assertThat(test.sent("child"))
        .doesNotContainKeys(
            "sentry.segment.name.source",
            "sentry.dist",
            "server.address",
            "process.pid",
            "process.runtime.name",
            "process.runtime.version");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    test.with(
            options -> {
              options.setRelease("");
              options.setDist("");
            })
        .startSpan("s")
        .end();
    assertThat(test.sent("s")).doesNotContainKeys("sentry.release", "sentry.dist");
    assertThat(test.sent("s")).containsEntry("sentry.environment", "production");
  }

  @Test
  void theSpansOwnAttributesBeatCommonOnesButNotWhatTheReceiverNeeds() {
    Tracer tracer = described();
    try (Span span = tracer.startSpan("s")) {
      span.setAttribute("sentry.origin", "auto.http.x")
          .setAttribute("server.address", "own")
          .setAttribute("thread.name", "own")
          .setAttribute("sentry.segment.name.source", "route")
          .setAttribute("sentry.segment.id", "mine")
          .setAttribute("sentry.segment.name", "mine")
          .setAttribute("sentry.trace_lifecycle", "static");
      Traces.setAttribute("sentry.segment.id", "mine");
    }
    assertThat(test.sent("s"))
        .containsEntry("sentry.origin", "auto.http.x")
        .containsEntry("server.address", "own")
        .containsEntry("thread.name", "own")
        .containsEntry("sentry.segment.name.source", "route")
        .containsEntry("sentry.segment.id", test.only("s").getSpanId())
        .containsEntry("sentry.segment.name", "s")
        .containsEntry("sentry.trace_lifecycle", "stream");
  }

  @Test
  void whatTheSdkItselfSetsIsCutToo() throws Exception {
    Tracer tracer =
        test.with(
            options -> {
              options.setMaxAttributeValueLength(16);
              options.setServerName("a".repeat(100));
            });
    Thread thread = new Thread(() -> tracer.startSpan("s").end(), "t".repeat(1_000));
    thread.start();
    thread.join();
    assertThat(test.sent("s"))
        .containsEntry("thread.name", "t".repeat(15) + "…")
        .containsEntry("server.address", "a".repeat(15) + "…");
  }

  @Test
  void aChildNeverHasANameSource() {
    Tracer tracer =
        test.with(
            options ->
                options.setBeforeSendSpan(
                    span -> span.setAttribute("sentry.segment.name.source", "url")));
    Tracer plain = test.recording();
    Traces.setAttribute("sentry.segment.name.source", "task");
    for (Tracer each : List.of(tracer, plain)) {
      try (Span service = each.startSpan("service");
          Span child = each.startSpan("child")) {
        child.setAttribute("sentry.segment.name.source", "route");
        service.setAttribute("x", 1);
      }
    }
    assertThat(test.sink.named("child"))
        .hasSize(2)
        .allSatisfy(
            span ->
                assertThat(span.getSentAttributes())
                    .doesNotContainKey("sentry.segment.name.source"));
    assertThat(test.sink.named("service"))
        .extracting(span -> span.getSentAttributes().get("sentry.segment.name.source"))
        .containsExactly("url", "task");
  }

  @Test
  void eachAttributeIsShownOnce() {
    Traces.setAttribute("a", "scope");
    Traces.setAttribute("sentry.release", "scope");
    Tracer tracer = described();
    tracer.startSpan("s", Map.of("a", "own", "os.name", "own")).end();
    List<String> keys = new ArrayList<>();
    test.only("s").forEachAttribute((key, value) -> keys.add(key));
    assertThat(keys).doesNotHaveDuplicates();
    assertThat(test.sent("s"))
        .containsEntry("a", "own")
        .containsEntry("os.name", "own")
        .containsEntry("sentry.release", "scope");
  }

  @Test
  void threadNamesAreTakenAtTheStartAndMadeWellFormed() throws Exception {
    Tracer tracer = test.recording();
    Thread thread = new Thread(() -> tracer.startSpan("s").end(), "t\uD800");
    thread.start();
    thread.join();
    Thread nameless = new Thread(() -> tracer.startSpan("n").end(), "");
    nameless.start();
    nameless.join();
    assertThat(test.sent("s")).containsEntry("thread.name", "t\uFFFD");
    assertThat(test.sent("n")).doesNotContainKey("thread.name").containsKey("thread.id");
  }

  @Test
  void aFinishedSpanTellsAllThatGoesOnTheWire() {
    Tracer tracer = described();
    String trace = TestTracer.TRACE_ID + "-" + TestTracer.SPAN_ID + "-1";
    tracer.continueTrace(Map.of("sentry-trace", trace));
    Span service = tracer.startSpan("service");
    service.end();
    FinishedSpan span = test.only("service");
    assertThat(span.getSpanId()).isEqualTo(service.getSpanId());
    assertThat(Hex.of(span.getSpanIdBits())).isEqualTo(service.getSpanId());
    assertThat(span.getParentSpanId()).isEqualTo(TestTracer.SPAN_ID);
    assertThat(Hex.of(span.getParentSpanIdBits())).isEqualTo(TestTracer.SPAN_ID);
    assertThat(span.getTraceId()).isEqualTo(TestTracer.TRACE_ID);
    assertThat(Hex.of(span.getTree().getTraceIdHigh(), span.getTree().getTraceIdLow()))
        .isEqualTo(TestTracer.TRACE_ID);
    assertThat(span.isServiceSpan()).isTrue();
    assertThat(span.getStartTimestamp()).isEqualTo(service.getStartTimestamp());
    assertThat(span.getEndTimestamp()).isEqualTo(service.getEndTimestamp());
    assertThat(span.getTree().getServiceSpanId()).isEqualTo(service.getSpanId());
    assertThat(span.getTree().getServiceSpanName()).isEqualTo("service");
  }

  @Test
  void aSinkMayHangOneThingOnATree() {
    test.recording().startSpan("service").end();
    var tree = test.only("service").getTree();
    assertThat(tree.getAttachment()).isNull();
    assertThat(tree.attachIfAbsent("first")).isEqualTo("first");
    assertThat(tree.attachIfAbsent("second")).isEqualTo("first");
    assertThat(tree.getAttachment()).isEqualTo("first");
  }
}

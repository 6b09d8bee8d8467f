package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attributes of scopes: which spans get them, and which of two wins. */
class ScopeTest {
  @RegisterExtension final TestTracer test = new TestTracer();

  private Map<String, Object> sentNow(Tracer tracer) {
    test.sink.clear();
    tracer.startSpan("s").end();
    return test.sent("s");
  }

  @Test
  void ownBeatsCurrentBeatsIsolationBeatsGlobal() {
    Tracer tracer = test.recording();
    Traces.globalScope().setAttribute("k", "global");
    assertThat(sentNow(tracer)).containsEntry("k", "global");
    Traces.isolationScope().setAttribute("k", "isolation");
    assertThat(sentNow(tracer)).containsEntry("k", "isolation");
    Traces.currentScope().setAttribute("k", "current");
    assertThat(sentNow(tracer)).containsEntry("k", "current");
    tracer.startSpan("own", Map.of("k", "own")).end();
    assertThat(test.sent("own")).containsEntry("k", "own");
    Traces.currentScope().removeAttribute("k").removeAttribute(null);
    assertThat(sentNow(tracer)).containsEntry("k", "isolation");
    Traces.isolationScope().clear();
    assertThat(sentNow(tracer)).containsEntry("k", "global");
  }

  @Test
  void theTopLevelHelpersWriteToTheIsolationScope() {
    Tracer tracer = test.recording();
    try (Isolation isolation = Traces.isolate()) {
      Traces.setAttribute("a", 1);
      Traces.setAttributes(Map.of("b", 2, "c", 3));
      Traces.removeAttribute("c");
      assertThat(sentNow(tracer)).containsEntry("a", 1L).containsEntry("b", 2L);
      assertThat(sentNow(tracer)).doesNotContainKey("c");
    }
    assertThat(sentNow(tracer)).doesNotContainKeys("a", "b");
  }

  @Test
  void aSpanTakesTheScopesOfItsStartAndWhatTheyHoldAtItsEnd() {
    Tracer tracer = test.recording();
    Span span = tracer.startSpan("long");
    Traces.setAttribute("late", true);
    try (Isolation isolation = Traces.isolate()) {
      Traces.setAttribute("foreign", true);
      span.end();
    }
    assertThat(test.sent("long")).containsEntry("late", true).doesNotContainKey("foreign");
  }

  @Test
  void whatScopesHoldAfterTheEndDoesNotReachTheSpan() {
    Tracer tracer = test.recording();
    tracer.startSpan("s").end();
    Traces.setAttribute("later", true);
    assertThat(test.sent("s")).doesNotContainKey("later");
  }

  @Test
  void scopeAttributesAreNotAmongTheSpansOwn() {
    Traces.setAttribute("k", 1);
    try (Span span = test.recording().startSpan("s")) {
      assertThat(span.getAttributes()).isEmpty();
    }
  }

  @Test
  void aUserIsOnEverySpanWithOrWithoutPii() {
    Tracer tracer = test.recording();
    Traces.isolationScope().setUser(new User("1", "a@b", "ann", "10.0.0.1"));
    assertThat(sentNow(tracer))
        .containsEntry("user.id", "1")
        .containsEntry("user.email", "a@b")
        .containsEntry("user.name", "ann")
        .containsEntry("user.ip_address", "10.0.0.1");
    Traces.isolationScope().setUser(null);
    assertThat(sentNow(tracer)).doesNotContainKey("user.id");
  }

  @Test
  void aNarrowerUserReplacesAWiderOneAsAWhole() {
    Tracer tracer = test.recording();
    Traces.globalScope().setUser(new User("1", "a@b", null, null));
    Traces.globalScope().setAttribute("user.name", "wide");
    Traces.currentScope().setUser(User.ofId("2\uD800"));
    assertThat(sentNow(tracer))
        .containsEntry("user.id", "2\uFFFD")
        .doesNotContainKeys("user.email", "user.name");
  }

  @Test
  void anAttributeOfTheSameScopeBeatsItsUser() {
    Traces.isolationScope().setUser(User.ofId("1")).setAttribute("user.id", "attribute");
    assertThat(sentNow(test.recording())).containsEntry("user.id", "attribute");
  }

  @Test
  void isolateBeginsAFreshScopeANewTraceAndNothingActive() {
    Tracer tracer = test.recording();
    Traces.currentScope().setAttribute("current", 1);
    Traces.setAttribute("process", 1);
    try (Span outer = tracer.startSpan("outer")) {
      try (Isolation isolation = Traces.isolate()) {
        assertThat(tracer.currentSpan()).isNull();
        try (Span inner = tracer.startSpan("inner")) {
          assertThat(inner.isServiceSpan()).isTrue();
          assertThat(inner.getTraceId()).isNotEqualTo(outer.getTraceId());
        }
      }
      assertThat(tracer.currentSpan()).isSameAs(outer);
    }
    assertThat(test.sent("inner")).containsEntry("process", 1L).doesNotContainKey("current");
    assertThat(test.sent("outer")).containsEntry("current", 1L);
  }

  @Test
  void attributesSetInARequestNeverReachAnother() throws Exception {
    Tracer tracer = test.recording();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    for (int i = 0; i < 3; i++) {
      int request = i;
      pool.submit(
              () -> {
                try (Isolation isolation = Traces.isolate();
                    Span span = tracer.startSpan("request " + request)) {
                  Traces.setAttribute("only." + request, true);
                  Traces.isolationScope().setUser(User.ofId("user " + request));
                  span.setAttribute("x", 1);
                }
              })
          .get();
    }
    pool.shutdown();
    assertThat(test.sent("request 1"))
        .containsEntry("only.1", true)
        .containsEntry("user.id", "user 1")
        .doesNotContainKeys("only.0", "only.2");
    assertThat(sentNow(tracer)).doesNotContainKeys("only.0", "only.1", "only.2", "user.id");
  }

  @Test
  void attributesOfTheProcessReachRequestsThatBeginLater() {
    Tracer tracer = test.recording();
    Traces.setAttribute("region", "eu");
    try (Isolation isolation = Traces.isolate()) {
      assertThat(sentNow(tracer)).containsEntry("region", "eu");
    }
  }

  @Test
  void anOuterIsolationClosedFirstEndsTheInnerOneToo() {
    Tracer tracer = test.recording();
    Span outside = tracer.startSpan("outside");
    Isolation outer = Traces.isolate();
    Span leftOpen = tracer.startSpan("left open");
    Isolation inner = Traces.isolate();
    outer.close();
    assertThat(tracer.currentSpan()).isSameAs(outside);
    inner.close();
    assertThat(tracer.currentSpan()).isSameAs(outside);
    outer.close();
    leftOpen.end();
    assertThat(tracer.currentSpan()).isSameAs(outside);
    outside.end();
  }

  @Test
  void anIsolationClosedByAnotherThreadLeavesThatThreadAlone() throws Exception {
    Isolation isolation = Traces.isolate();
    Scope isolated = Traces.isolationScope();
    Thread other = new Thread(isolation::close);
    other.start();
    other.join();
    assertThat(Traces.isolationScope()).isSameAs(isolated);
    isolation.close();
    assertThat(Traces.isolationScope()).isNotSameAs(isolated);
  }

  @Test
  void aScopeTellsTheActiveSpanOfItsOwnCallerOnly() {
    Tracer tracer = test.recording();
    Scope outside = Traces.currentScope();
    try (Span span = tracer.startSpan("s")) {
      assertThat(Traces.currentScope().getSpan()).isSameAs(span);
      assertThat(Traces.isolationScope().getSpan()).isSameAs(span);
      assertThat(Traces.globalScope().getSpan()).isSameAs(span);
      try (Isolation isolation = Traces.isolate()) {
        assertThat(Traces.currentScope().getSpan()).isNull();
        assertThat(outside.getSpan()).isNull();
      }
    }
    assertThat(Traces.globalScope().getSpan()).isNull();
  }

  @Test
  void scopesTakeNullsAndHostileMaps() {
    Map<String, Object> hostile =
        new java.util.AbstractMap<>() {
          @Override
          public java.util.Set<Entry<String, Object>> entrySet() {
            throw new IllegalStateException();
          }
        };
    Scope scope = Traces.currentScope();
    scope.setAttribute(null, 1).setAttribute("k", null).setAttributes(null).setAttributes(hostile);
    scope.setCustomSamplingContext(null).setCustomSamplingContext(hostile);
    assertThat(sentNow(test.recording())).doesNotContainKey("k");
  }

  @Test
  void customSamplingContextIsReplacedAsAWholeAndTheNarrowerWins() {
    Object[] seen = new Object[2];
    Tracer tracer =
        test.with(
            options ->
                options.setTracesSampler(
                    context -> {
                      seen[0] = context.get("a");
                      seen[1] = context.get("b");
                      return 0;
                    }));
    Traces.globalScope().setCustomSamplingContext(Map.of("a", "global", "b", "global"));
    Traces.currentScope().setCustomSamplingContext(Map.of("a", "current"));
    tracer.startSpan("s").end();
    assertThat(seen).containsExactly("current", "global");
    Traces.currentScope().setCustomSamplingContext(Map.of("b", "current"));
    tracer.startSpan("s").end();
    assertThat(seen).containsExactly("global", "current");
  }
}

package dev.spanstream.samples.worker;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.Tracer;
import dev.spanstream.TracerStats;
import dev.spanstream.Traces;
import dev.spanstream.samples.inbox.Inbox;
import dev.spanstream.samples.inbox.ReceivedLink;
import dev.spanstream.samples.inbox.ReceivedSpan;
import dev.spanstream.samples.inbox.ReceivedTrace;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limit only ends a test whose consumers wait for ever: none comes near it. */
@Timeout(60)
class WorkerTest {
  private static final String PAID =
      """
      ✓ place order [shop]
      └─ ✓ publish orders
         └─ ✓ process orders [worker]
            ├─ ✓ charge card
            └─ ✓ send receipt""";

  private static final String PAID_AT_THE_SECOND_ATTEMPT =
      """
      ✓ place order [shop]
      └─ ✓ publish orders
         ├─ ✗ process orders error [worker]
         │  └─ ✗ charge card error
         └─ ✓ process orders [worker]
            ├─ ✓ charge card
            └─ ✓ send receipt""";

  private static final String NEVER_PAID =
      """
      ✓ place order [shop]
      └─ ✓ publish orders
         ├─ ✗ process orders error [worker]
         │  └─ ✗ charge card error
         ├─ ✗ process orders error [worker]
         │  └─ ✗ charge card error
         └─ ✗ process orders error [worker]
            └─ ✗ charge card error""";

  private Inbox inbox;
  private Tracer tracer;

  @BeforeEach
  void start() {
    inbox = Inbox.start();
    tracer = Main.init(inbox.getDsn());
  }

  @AfterEach
  void stop() {
    Traces.close();
    inbox.close();
  }

  @Test
  void oneRunIsOneTraceForEachOrder() throws InterruptedException {
    process(5);

    assertThat(inbox.traces().stream().map(ReceivedTrace::outline))
        .containsExactlyInAnyOrder(PAID, PAID, PAID_AT_THE_SECOND_ATTEMPT, PAID, NEVER_PAID);
  }

  @Test
  void everyRetryLinksToTheAttemptsThatFailed() throws InterruptedException {
    process(5);

    List<ReceivedSpan> attempts = attempts("order-5");
    assertThat(attempts).extracting(WorkerTest::retries).containsExactly(0L, 1L, 2L);
    List<String> ids = attempts.stream().map(ReceivedSpan::getSpanId).toList();
    assertThat(linksOf(attempts.get(0))).isEmpty();
    assertThat(linksOf(attempts.get(1))).containsExactly(ids.get(0));
    assertThat(linksOf(attempts.get(2))).containsExactly(ids.get(0), ids.get(1));
  }

  @Test
  void aFailedAttemptSaysWhatFailed() throws InterruptedException {
    MessageQueue queue = process(5);

    assertThat(attempts("order-3"))
        .extracting(ReceivedSpan::getStatus)
        .containsExactly("error", "ok");
    assertThat(attempts("order-3"))
        .extracting(span -> span.getAttributes().get("error.type"))
        .containsExactly(PaymentFailed.class.getName(), null);
    assertThat(queue.rejected()).extracting(Message::id).containsExactly("order-5");
  }

  @Test
  void bothEndsOfTheQueueSayWhichMessageItWas() throws InterruptedException {
    process(1);

    assertThat(spans("publish orders").get(0).getAttributes())
        .containsEntry("sentry.op", "queue.publish")
        .containsEntry("messaging.operation.type", "send")
        .containsEntry("messaging.destination.name", "orders")
        .containsEntry("messaging.message.id", "order-1")
        .containsEntry("messaging.message.body.size", 4L);
    assertThat(spans("process orders").get(0).getAttributes())
        .containsEntry("sentry.op", "queue.process")
        .containsEntry("messaging.operation.type", "process")
        .containsEntry("messaging.destination.name", "orders")
        .containsEntry("messaging.message.id", "order-1")
        .containsEntry("messaging.message.body.size", 4L);
  }

  @Test
  void aMessageWithoutHeadersBeginsATraceOfItsOwn() throws InterruptedException {
    MessageQueue queue = new MessageQueue("orders");
    try (Worker worker = Worker.start(queue, 1)) {
      queue.publish(Message.of("order-1", "book", Traces.traceHeaders()));
      queue.publish(Message.of("order-2", "book", Map.of()));
    }
    Traces.close();

    ReceivedSpan second = attempts("order-2").get(0);
    assertThat(second.getParentSpanId()).isNull();
    assertThat(second.getTraceId()).isNotEqualTo(attempts("order-1").get(0).getTraceId());
  }

  @Test
  void whatIsSetForAMessageIsNotSetForWhatThisProcessDoesLater() throws InterruptedException {
    MessageQueue queue = new MessageQueue("orders");
    try (Worker worker = Worker.start(queue, 1)) {
      queue.publish(Message.of("order-1", "book", Map.of()));
    }
    Traces.run("clean up", span -> {});
    Traces.close();

    assertThat(attempts("order-1").get(0).getAttributes()).containsEntry("service.name", "worker");
    assertThat(spans("clean up").get(0).getAttributes()).doesNotContainKey("service.name");
  }

  @Test
  void ordersThatAreNotRecordedAreRetriedToo() throws InterruptedException {
    Traces.init(
        options -> {
          options.setDsn(inbox.getDsn());
          options.setTracesSampleRate(0.0);
        });

    MessageQueue queue = process(5);

    assertThat(queue.rejected()).extracting(Message::retries).containsExactly(2);
    assertThat(inbox.traces()).isEmpty();
  }

  @Test
  void aThousandOrdersLoseNothing() throws InterruptedException {
    process(1_000);

    TracerStats stats = tracer.stats();
    assertThat(stats.started()).isEqualTo(stats.ended());
    assertThat(stats.dropped()).isEmpty();
    assertThat(stats.sent()).isEqualTo(stats.ended());
    assertThat(inbox.acceptedSpanCount()).isEqualTo(stats.ended());
    assertThat(stats.healedContexts()).isZero();
  }

  @Test
  void aShopThatIsToldToStopPlacesNoMoreOrdersAndThoseThatItPlacedAreProcessed()
      throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();

    int placed =
        Main.processOrders(new MessageQueue("orders"), 1_000, () -> asked.incrementAndGet() > 10);

    assertThat(placed).isEqualTo(10);
    Traces.close();
    assertThat(spans("place order")).hasSize(10);
    assertThat(spans("process orders")).hasSizeGreaterThanOrEqualTo(10);
    assertThat(tracer.stats().open()).isZero();
  }

  /** Runs as the sample does, and makes sure that Sentry would have nothing to say against it. */
  private MessageQueue process(int orders) throws InterruptedException {
    MessageQueue queue = new MessageQueue("orders");
    Main.processOrders(queue, orders, () -> false);
    Traces.close();
    assertThat(inbox.rejections()).isEmpty();
    assertThat(inbox.warnings()).isEmpty();
    return queue;
  }

  private List<ReceivedSpan> attempts(String messageId) {
    return spans("process orders").stream()
        .filter(span -> messageId.equals(span.getAttributes().get("messaging.message.id")))
        .sorted(comparing(WorkerTest::retries))
        .toList();
  }

  private static Long retries(ReceivedSpan span) {
    return (Long) span.getAttributes().get("messaging.message.retry.count");
  }

  private List<ReceivedSpan> spans(String name) {
    return inbox.traces().stream()
        .flatMap(trace -> trace.getSpans().stream())
        .filter(span -> span.getName().equals(name))
        .toList();
  }

  private static List<String> linksOf(ReceivedSpan span) {
    return span.getLinks().stream().map(ReceivedLink::getSpanId).toList();
  }
}

package dev.spanstream.consumers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Takes envelopes over a socket and keeps the names of their spans. Made of the JDK alone, so that
 * it brings nothing into the project that it checks.
 */
public final class Receiver implements AutoCloseable {
  private record Received(String traceId, String name) {}

  private static final Pattern SPAN =
      Pattern.compile(
          "\"trace_id\":\"([0-9a-f]{32})\",\"span_id\":\"[0-9a-f]{16}\""
              + "(?:,\"parent_span_id\":\"[0-9a-f]{16}\")?,\"name\":\"([^\"]*)\"");

  private final HttpServer server;
  private final ConcurrentLinkedQueue<Received> spans = new ConcurrentLinkedQueue<>();

  private Receiver(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free port. */
  public static Receiver start() throws IOException {
    InetAddress local = InetAddress.getByName("127.0.0.1");
    Receiver receiver = new Receiver(HttpServer.create(new InetSocketAddress(local, 0), 0));
    receiver.server.createContext("/", receiver::take);
    receiver.server.start();
    return receiver;
  }

  /** Where to send. */
  public String dsn() {
    return "http://key@127.0.0.1:" + server.getAddress().getPort() + "/1";
  }

  /**
   * Checks that these are the spans that have come, all of one trace, in any order.
   *
   * @throws AssertionError if they are not
   */
  public void expect(String... names) {
    List<String> expected = Stream.of(names).sorted().toList();
    List<String> actual = spans.stream().map(Received::name).sorted().toList();
    if (!actual.equals(expected)) {
      throw new AssertionError("received " + actual + " instead of " + expected);
    }
    Set<String> traces =
        spans.stream().map(Received::traceId).collect(Collectors.toCollection(TreeSet::new));
    if (traces.size() != 1) {
      throw new AssertionError("received spans of several traces: " + traces);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream body = exchange.getRequestBody();
        InputStream plain = zipped ? new GZIPInputStream(body) : body) {
      String envelope = new String(plain.readAllBytes(), StandardCharsets.UTF_8);
      SPAN.matcher(envelope)
          .results()
          .forEach(found -> spans.add(new Received(found.group(1), found.group(2))));
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}

package dev.spanstream.benchmarks.ktor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client that costs next to nothing: the same requests again and again, answers of known length.
 */
final class Connection implements AutoCloseable {
  private static final byte[] REQUEST =
      ("GET /orders/7?full=true HTTP/1.1\r\n"
              + "Host: shop.example\r\n"
              + "User-Agent: benchmark\r\n"
              + "Accept: */*\r\n"
              + "\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final byte[] requests;
  private final byte[] answers;

  /**
   * @param pipelined how many requests are sent before the first answer is read
   */
  Connection(int port, int pipelined) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = socket.getInputStream();
    requests = new byte[REQUEST.length * pipelined];
    for (int i = 0; i < pipelined; i++) {
      System.arraycopy(REQUEST, 0, requests, i * REQUEST.length, REQUEST.length);
    }
    out.write(REQUEST);
    answers = new byte[lengthOfAnswer() * pipelined];
  }

  /** All answers are alike. */
  private int lengthOfAnswer() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    String text = head.toString().toLowerCase(java.util.Locale.ROOT);
    if (!text.startsWith("http/1.1 200")) {
      throw new IOException("The server answered " + text);
    }
    int at = text.indexOf("content-length: ") + "content-length: ".length();
    int length = Integer.parseInt(text.substring(at, text.indexOf('\r', at)));
    in.skipNBytes(length);
    return head.length() + length;
  }

  /** Sends the requests, and reads the answers. */
  byte[] exchange() {
    try {
      out.write(requests);
      if (in.readNBytes(answers, 0, answers.length) < answers.length) {
        throw new IOException("The server closed the connection");
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

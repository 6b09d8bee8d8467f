package dev.spanstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where spans are sent, parsed from {@code {protocol}://{public key}@{host}[:port]{path}/{project}}
 * (sdk/foundations/transport/authentication, "Parsing the DSN"). Comes from {@link #parse}; the
 * constructor checks nothing.
 *
 * <pre>{@code
 * Dsn.parse("https://examplePublicKey@o42.ingest.sentry.io/7").organizationId() // "42"
 * }</pre>
 *
 * @param protocol {@code http} or {@code https}
 * @param publicKey the key that authenticates the sender
 * @param secretKey a deprecated second key, sent on only if given; most often null
 * @param host the receiver's host
 * @param port the receiver's port, or -1 for the protocol's default
 * @param path what stands before the project, without a slash at its end; often empty
 * @param projectId the last segment of the path, not always a number
 */
public record Dsn(
    String protocol,
    String publicKey,
    @Nullable String secretKey,
    String host,
    int port,
    String path,
    String projectId) {

  private static final int MAX_PORT = 65_535;
  private static final Pattern ORGANIZATION = Pattern.compile("^o(\\d+)\\.");

  /**
   * Parses a DSN; blanks around it do not count.
   *
   * @throws IllegalArgumentException if it is malformed, empty or null; the message names the
   *     missing part, and never repeats the DSN, which has a key in it
   */
  public static Dsn parse(String dsn) {
    URI uri;
    try {
      uri = new URI(dsn == null ? "" : dsn.strip());
    } catch (URISyntaxException e) {
      // Without the cause: its message repeats the input.
      throw malformed("it is not a URL");
    }
    String protocol = uri.getScheme();
    if (!"http".equalsIgnoreCase(protocol) && !"https".equalsIgnoreCase(protocol)) {
      throw malformed("it must begin with https:// or http://");
    }
    String host = uri.getHost();
    if (host == null) {
      throw malformed(
          uri.getRawAuthority() == null || uri.getRawAuthority().endsWith("@")
              ? "the host is missing"
              : "the host may have letters, digits, - and . in it, and no underscore");
    }
    if (uri.getPort() > MAX_PORT) {
      throw malformed("the port is greater than " + MAX_PORT);
    }
    // Raw: what is escaped here could break out of a header elsewhere.
    String userInfo = uri.getRawUserInfo();
    String[] keys = userInfo == null ? new String[] {""} : userInfo.split(":", 2);
    if (keys[0].isEmpty()) {
      throw malformed("the public key before the @ is missing");
    }
    String path = uri.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      throw malformed("the project id after the host is missing");
    }
    return new Dsn(
        protocol.toLowerCase(Locale.ROOT),
        keys[0],
        keys.length == 2 && !keys[1].isEmpty() ? keys[1] : null,
        host,
        uri.getPort(),
        path.substring(0, slash),
        path.substring(slash + 1));
  }

  private static IllegalArgumentException malformed(String what) {
    return new IllegalArgumentException(
        "The DSN is malformed: "
            + what
            + ". It must look like https://<public key>@<host>/<project id>;"
            + " copy it from the client keys of your Sentry project.");
  }

  /**
   * The digits of the organization's id if the host tells it ({@code o42.ingest.sentry.io}), else
   * null.
   */
  public @Nullable String organizationId() {
    Matcher matcher = ORGANIZATION.matcher(host);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** The URL to which envelopes are posted; there is no key in it. */
  public URI envelopeUri() {
    return URI.create(protocol + "://" + address() + path + "/api/" + projectId + "/envelope/");
  }

  /** The port; 80 or 443, by the protocol, where the DSN names none. */
  public int effectivePort() {
    return port >= 0 ? port : defaultPort(protocol);
  }

  static int defaultPort(@Nullable String protocol) {
    return "http".equalsIgnoreCase(protocol) ? 80 : 443;
  }

  private String address() {
    return port < 0 ? host : host + ":" + port;
  }

  /** The DSN without its secret key. */
  @Override
  public String toString() {
    return protocol + "://" + publicKey + "@" + address() + path + "/" + projectId;
  }
}

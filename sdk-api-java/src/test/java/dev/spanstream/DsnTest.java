package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a DSN, and what is none. */
class DsnTest {
  @ParameterizedTest(name = "{0} posts to {1}")
  @CsvSource({
    "https://key@host/1, https://host/api/1/envelope/",
    "http://key@host:9000/1, http://host:9000/api/1/envelope/",
    "https://key:secret@host/a/b/x-1/, https://host/a/b/api/x-1/envelope/",
    "HTTPS://key@host/1, https://host/api/1/envelope/",
    "' https://key@[::1]:1/2 ', https://[::1]:1/api/2/envelope/",
    "https://key@host/a%20b/1, https://host/a%20b/api/1/envelope/",
  })
  void theEnvelopeUrlFollowsFromTheDsn(String dsn, URI url) {
    assertThat(Dsn.parse(dsn).envelopeUri()).isEqualTo(url);
  }

  @Test
  void thePartsAreKept() {
    Dsn dsn = Dsn.parse("https://key:secret@o42.ingest.us.sentry.io/path/7");
    assertThat(dsn)
        .isEqualTo(new Dsn("https", "key", "secret", "o42.ingest.us.sentry.io", -1, "/path", "7"));
    assertThat(dsn.organizationId()).isEqualTo("42");
    assertThat(dsn.effectivePort()).isEqualTo(443);
    assertThat(Dsn.parse("http://key:@host/1").secretKey()).isNull();
    assertThat(Dsn.parse("http://key@host/1").effectivePort()).isEqualTo(80);
    assertThat(Dsn.parse("http://key@host:8080/1").effectivePort()).isEqualTo(8080);
    assertThat(Dsn.parse("http://key@so42.host/1").organizationId()).isNull();
  }

  @Test
  void theSecretIsNotPrinted() {
    assertThat(Dsn.parse("https://key:secret@host:1/a/7")).hasToString("https://key@host:1/a/7");
    assertThat(Dsn.parse("https://key:secret@host/7")).hasToString("https://key@host/7");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "key@host/1",
        "ftp://secretkey@host/1",
        "https://host/1",
        "https://:secretkey@host/1",
        "https://secretkey@/1",
        "https://secretkey@host",
        "https://secretkey@host/",
        "https://secretkey@host:99999/1",
        "https://secretkey@host/1 2",
        "https:secretkey",
      })
  void aMalformedDsnThrowsAndIsNotRepeated(String dsn) {
    assertThatThrownBy(() -> Dsn.parse(dsn))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The DSN is malformed: ")
        .hasMessageContaining("https://<public key>@<host>/<project id>")
        .hasMessageNotContaining("secretkey")
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "http://key@/1, the host is missing",
    "http://key@my_relay:3000/1, no underscore",
    "http://key/1, the public key before the @ is missing",
  })
  void theMessageNamesWhatIsWrong(String dsn, String message) {
    assertThatThrownBy(() -> Dsn.parse(dsn)).hasMessageContaining(message);
  }

  @Property
  void anyTextIsADsnOrAnIllegalArgument(@ForAll String text) {
    for (String dsn : new String[] {text, "https://" + text, "https://k@h/" + text}) {
      try {
        assertThat(Dsn.parse(dsn).envelopeUri()).isNotNull();
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageStartingWith("The DSN is malformed");
      }
    }
  }
}

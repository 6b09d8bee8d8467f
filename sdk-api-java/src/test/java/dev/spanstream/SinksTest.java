package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.InMemorySpanSink;
import dev.spanstream.sink.SpanSink;
import dev.spanstream.sink.SpanSinkProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where spans go if there is a provider on the class path. */
class SinksTest {
  private static final InMemorySpanSink PROVIDED = new InMemorySpanSink();
  private static @Nullable Dsn seenDsn;
  private static @Nullable String seenRelease;

  @RegisterExtension final TestTracer test = new TestTracer();
  @TempDir Path folder;

  /** Found by its name in META-INF/services. */
  public static final class Provider implements SpanSinkProvider {
    @Override
    public SpanSink create(@Nullable Dsn dsn, TracingOptions options) {
      seenDsn = dsn;
      seenRelease = options.getRelease();
      return PROVIDED;
    }
  }

  @Test
  void aProviderOnTheClassPathMakesTheSinkOfATracerWithADsn() throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(SpanSinkProvider.class.getName()), Provider.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      Tracer tracer =
          test.with(
              options -> {
                options.setSink(null);
                options.setDsn(TestTracer.DSN);
                options.setRelease("shop@1");
              });
      tracer.startSpan("s").end();
    } finally {
      thread.setContextClassLoader(before);
    }
    assertThat(PROVIDED.only("s").getTree().getDynamicSamplingContext())
        .containsEntry("public_key", TestTracer.KEY);
    assertThat(seenDsn).isEqualTo(Dsn.parse(TestTracer.DSN));
    assertThat(seenRelease).isEqualTo("shop@1");
    assertThat(test.sink.spans()).isEmpty();
  }
}

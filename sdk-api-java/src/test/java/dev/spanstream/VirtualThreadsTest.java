package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this JVM if it has virtual threads, else on one that is installed beside it. */
class VirtualThreadsTest {
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  @TempDir Path folder;

  @Test
  void tenThousandVirtualThreadsHaveTheRightParentsAndLeaveNothing() throws Exception {
    if (Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS) {
      assertThat(VirtualThreads.run()).isEmpty();
      return;
    }
    Path java = newerJava();
    assumeTrue(java != null, "no JDK 21 or newer beside " + System.getProperty("java.home"));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                String.valueOf(java),
                "-cp",
                System.getProperty("java.class.path"),
                VirtualThreads.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int exit = process.waitFor();
    assertThat(Files.readString(output)).as("by %s", java).isEmpty();
    assertThat(exit).isZero();
  }

  private static @Nullable Path newerJava() throws IOException {
    Path siblings = Path.of(System.getProperty("java.home")).toAbsolutePath().getParent();
    try (Stream<Path> homes = Files.list(siblings)) {
      return homes
          .filter(home -> feature(home) >= FIRST_WITH_VIRTUAL_THREADS)
          .map(home -> home.resolve("bin").resolve("java"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(null);
    }
  }

  /** The number in the file {@code release} of a JDK; 0 if that tells none. */
  private static int feature(Path home) {
    Properties release = new Properties();
    try (var in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
      return Runtime.Version.parse(release.getProperty("JAVA_VERSION", "").replace("\"", ""))
          .feature();
    } catch (IOException | IllegalArgumentException none) {
      return 0;
    }
  }
}

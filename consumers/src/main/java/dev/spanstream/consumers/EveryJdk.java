package dev.spanstream.consumers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Runs a program with the class path of this one: by this JDK, and by a newer one if there is one
 * installed beside it.
 */
public final class EveryJdk {
  private static final int NEWER = 25;

  private EveryJdk() {}

  /** The argument is the program's main class; a program that fails throws here. */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(System.getProperty("java.home")).toAbsolutePath();
    run(home, arguments[0]);
    if (Runtime.version().feature() < NEWER) {
      Optional<Path> newer = newerThan(home);
      if (newer.isPresent()) {
        run(newer.get(), arguments[0]);
      } else {
        System.out.println("There is no JDK " + NEWER + " beside " + home + ", so not run by it");
      }
    }
  }

  private static void run(Path home, String mainClass) throws Exception {
    String java = home.resolve("bin").resolve("java").toString();
    int exit =
        new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), mainClass)
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new AssertionError(mainClass + " failed by " + java);
    }
    System.out.println(mainClass + " passed by JDK " + feature(home));
  }

  private static Optional<Path> newerThan(Path home) throws IOException {
    try (Stream<Path> siblings = Files.list(home.getParent())) {
      return siblings.filter(it -> feature(it) >= NEWER).findFirst();
    }
  }

  /** The number in the file {@code release} of a JDK; 0 if that tells none. */
  private static int feature(Path home) {
    Properties release = new Properties();
    try (InputStream in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
      String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
      return Runtime.Version.parse(version).feature();
    } catch (IOException | IllegalArgumentException none) {
      return 0;
    }
  }
}

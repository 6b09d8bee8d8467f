package dev.spanstream.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.Traces;
import dev.spanstream.coroutines.SpanParent;
import dev.spanstream.ktor.ClientTracingConfig;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiTools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The three libraries as they are packaged. */
class LibrariesTest {
  private static final AbiFilters NOT_INTERNAL =
      new AbiFilters(
          Set.of(),
          Set.of("dev.spanstream.internal.**", "dev.spanstream.**.internal.**"),
          Set.of(),
          Set.of());

  static Stream<Arguments> libraries() {
    return Stream.of(
        Arguments.of("../sdk-api-java/api/spanstream-api.api", Traces.class),
        Arguments.of("../sdk-coroutines/api/spanstream-coroutines.api", SpanParent.class),
        Arguments.of("../ktor-plugin/api/spanstream-ktor.api", ClientTracingConfig.class));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void thePublicApiIsTheOneThatIsWrittenDown(Path written, Class<?> type) throws Exception {
    StringBuilder api = new StringBuilder();
    AbiTools.Companion.getInstance(null).printJvmDump(api, classes(type), NOT_INTERNAL);
    if (System.getProperty("updateApi") != null) {
      Files.createDirectories(written.getParent());
      Files.writeString(written, api);
    }
    assertThat(api.toString())
        .as(
            "The public API is not the one of %s. If that is on purpose, run"
                + " ./mvnw -DupdateApi verify and commit the file",
            written.getFileName())
        .isEqualTo(Files.readString(written));
  }

  @Test
  void noPackageIsInTwoOfThem() {
    List<String> packages = new ArrayList<>();
    libraries()
        .map(it -> library((Class<?>) it.get()[1]))
        .flatMap(it -> ModuleFinder.of(it).findAll().stream())
        .forEach(it -> packages.addAll(it.descriptor().packages()));
    assertThat(packages).contains("dev.spanstream", "dev.spanstream.ktor").doesNotHaveDuplicates();
  }

  /** The jar, or the class files of a build that ended before there was one. */
  private static List<File> classes(Class<?> type) throws Exception {
    Path library = library(type);
    if (Files.isRegularFile(library)) {
      return List.of(library.toFile());
    }
    try (Stream<Path> files = Files.walk(library)) {
      return files.map(Path::toFile).filter(it -> it.getName().endsWith(".class")).toList();
    }
  }

  private static Path library(Class<?> type) {
    return Path.of(
        new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath());
  }
}

package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program of a user, compiled and run by another JVM that has the SDK's own classes and the base
 * module of the JDK, and nothing else: so the SDK needs nothing else.
 */
class ConsumerTest {
  private static final String EXPECTED =
      "no kotlin.Unit\nrequest\n  Shop.checkout\n  task\nopen 0\n";

  @TempDir Path folder;

  static Stream<Arguments> ways() throws Exception {
    Path sdk = Path.of(Tracer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return Stream.of(
        Arguments.argumentSet("on the class path", sdk, List.of(), sdk + File.pathSeparator),
        Arguments.argumentSet(
            "as a module",
            sdk,
            List.of("--module-path", sdk.toString(), "--add-modules", "dev.spanstream"),
            ""));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aProgramRunsASpanWithNothingElse(Path sdk, List<String> options, String classPath)
      throws Exception {
    compile(sdk);
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--limit-modules", "java.base"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath + folder, "Consumer"));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    int exit = process.waitFor();
    assertThat(Files.readString(output))
        .as("exit %s, %s", exit, Files.readString(folder.resolve("errors")))
        .isEqualTo(EXPECTED);
    assertThat(exit).isZero();
  }

  @Test
  void theModuleRequiresNothingAtRunTime() throws Exception {
    Path sdk = (Path) ways().findFirst().orElseThrow().get()[0];
    var module =
        java.lang.module.ModuleFinder.of(sdk).find("dev.spanstream").orElseThrow().descriptor();
    assertThat(module.requires())
        .filteredOn(
            required ->
                !required
                    .modifiers()
                    .contains(java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC))
        .extracting(java.lang.module.ModuleDescriptor.Requires::name)
        .containsExactly("java.base");
  }

  private void compile(Path sdk) throws Exception {
    Path source = folder.resolve("Consumer.java");
    try (var in = ConsumerTest.class.getResourceAsStream("/consumer/Consumer.java")) {
      Files.copy(in, source);
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                sdk.toString(),
                "-proc:none",
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).isZero();
  }
}

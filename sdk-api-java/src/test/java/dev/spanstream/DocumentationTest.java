package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiler's own check of comments, without the tags that would only repeat a sentence. */
class DocumentationTest {
  @TempDir Path folder;

  @Test
  void everyPublicTypeAndMemberSaysWhatItDoes() throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-Xdoclint:missing/protected",
            "-Xdoclint/package:-dev.spanstream.internal",
            "-Xmaxwarns",
            "10000",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString());
    try (var files =
        compiler.getStandardFileManager(found, Locale.ENGLISH, StandardCharsets.UTF_8)) {
      var units = files.getJavaFileObjectsFromPaths(sources());
      assertThat(compiler.getTask(null, files, found, options, null, units).call()).isTrue();
    }
    assertThat(found.getDiagnostics()).as("what is reported, tags included").isNotEmpty();
    List<String> undocumented =
        found.getDiagnostics().stream()
            .filter(it -> it.getMessage(Locale.ENGLISH).contains("comment"))
            .map(it -> it.getSource().getName() + ":" + it.getLineNumber())
            .toList();
    assertThat(undocumented).isEmpty();
  }

  private static List<Path> sources() throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      return files
          .filter(it -> it.toString().endsWith(".java") && !it.endsWith("module-info.java"))
          .toList();
    }
  }
}

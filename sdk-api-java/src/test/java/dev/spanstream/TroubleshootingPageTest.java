package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spanstream.sink.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/TROUBLESHOOTING.md has the messages of all three libraries, word by word. */
class TroubleshootingPageTest {
  private static final Path PAGE = Path.of("../docs/TROUBLESHOOTING.md");
  private static final List<Path> SOURCES =
      List.of(
          Path.of("src/main"),
          Path.of("../sdk-coroutines/src/main"),
          Path.of("../ktor-plugin/src/main"));
  private static final Pattern WORDS = Pattern.compile("\\p{L}+ \\p{L}+ \\p{L}+");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Descriptions of meters, names, and what only a mistake of ours can bring about. */
  private static final Set<String> NO_MESSAGES =
      Set.of(
          "Ended spans in memory",
          "Ended spans on disk",
          "Ended spans that are lost",
          "Spans started and not yet ended",
          "Spans that the receiver has taken",
          "Threads found in the context of another",
          "dev.spanstream.Traces did not set the door",
          "There is nothing to halve",
          "The transport is closed",
          "JSON has no ",
          "Not an attribute value: ");

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path folder : SOURCES) {
      texts.addAll(SourceTexts.under(folder));
    }
    return texts;
  }

  private static List<String> fixedParts(String message) {
    return Arrays.stream(message.split(SourceTexts.HOLE))
        .filter(part -> WORDS.matcher(part).find())
        .toList();
  }

  @Test
  void everyMessageOnThePageIsInTheSources() throws IOException {
    List<String> texts = texts();
    List<String> parts =
        CODE.matcher(Files.readString(PAGE).replaceAll("(?s)```.*?```", ""))
            .results()
            .map(code -> code.group(1))
            .flatMap(message -> fixedParts(message).stream())
            .filter(part -> !part.contains("Flow invariant is violated")) // Of kotlinx.coroutines.
            .toList();

    assertThat(parts).hasSizeGreaterThan(60);
    assertThat(parts).allSatisfy(part -> assertThat(texts).anyMatch(text -> text.contains(part)));
  }

  @Test
  void everyMessageInTheSourcesIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);

    List<String> parts =
        texts().stream()
            .filter(text -> NO_MESSAGES.stream().noneMatch(text::startsWith))
            .flatMap(text -> fixedParts(text).stream())
            .toList();

    assertThat(parts).hasSizeGreaterThan(60);
    assertThat(parts).allSatisfy(part -> assertThat(page).contains(part.strip()));
  }

  @Test
  void everyReasonForWhichSpansAreDroppedIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (DropReason reason : DropReason.values()) {
      assertThat(page).contains("| `" + reason.name() + "` |");
    }
  }
}

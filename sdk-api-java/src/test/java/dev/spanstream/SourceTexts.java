package dev.spanstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the string literals of Java and Kotlin sources. Literals that are only joined by a {@code
 * +} are one; what is put in at run time is {@link #HOLE}.
 */
final class SourceTexts {
  static final String HOLE = "…";

  private final String source;
  private final List<String> texts = new ArrayList<>();
  private int at;

  private SourceTexts(String source) {
    this.source = source;
  }

  static List<String> under(Path folder) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.toString();
        if (name.endsWith(".java") || name.endsWith(".kt")) {
          texts.addAll(new SourceTexts(Files.readString(file)).read());
        }
      }
    }
    return texts;
  }

  private List<String> read() {
    boolean joins = false;
    while (at < source.length()) {
      char next = source.charAt(at);
      if (source.startsWith("//", at)) {
        skipTo("\n");
      } else if (source.startsWith("/*", at)) {
        skipTo("*/");
      } else if (next == '\'') {
        skipChar();
        joins = false;
      } else if (next == '"') {
        String text = literal();
        int last = texts.size() - 1;
        texts.add(joins ? texts.remove(last) + text : text);
        joins = followedByPlus();
      } else {
        joins &= Character.isWhitespace(next);
        at++;
      }
    }
    return texts;
  }

  private void skipTo(String end) {
    int found = source.indexOf(end, at);
    at = found < 0 ? source.length() : found + end.length();
  }

  private void skipChar() {
    at++;
    while (source.charAt(at) != '\'') {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  /** Goes past the plus, if there is one. */
  private boolean followedByPlus() {
    int next = at;
    while (next < source.length() && Character.isWhitespace(source.charAt(next))) {
      next++;
    }
    boolean plus = next < source.length() && source.charAt(next) == '+';
    if (plus) {
      at = next + 1;
    }
    return plus;
  }

  private String literal() {
    String end = source.startsWith("\"\"\"", at) ? "\"\"\"" : "\"";
    at += end.length();
    StringBuilder text = new StringBuilder();
    while (!source.startsWith(end, at)) {
      char next = source.charAt(at);
      if (next == '\\') {
        char escaped = source.charAt(at + 1);
        text.append(escaped == 'n' ? '\n' : escaped);
        at += 2;
      } else if (next == '%' && source.charAt(at + 1) == 's') {
        text.append(HOLE);
        at += 2;
      } else if (next == '$' && source.charAt(at + 1) == '{') {
        text.append(HOLE);
        skipBraces();
      } else if (next == '$' && Character.isLetter(source.charAt(at + 1))) {
        text.append(HOLE);
        at++;
        while (Character.isLetterOrDigit(source.charAt(at))) {
          at++;
        }
      } else {
        text.append(next);
        at++;
      }
    }
    at += end.length();
    return text.toString();
  }

  /** Literals within a template are no texts of their own. */
  private void skipBraces() {
    int depth = 0;
    at++;
    do {
      char next = source.charAt(at);
      if (next == '"') {
        literal();
        continue;
      }
      depth += next == '{' ? 1 : next == '}' ? -1 : 0;
      at++;
    } while (depth > 0);
  }
}

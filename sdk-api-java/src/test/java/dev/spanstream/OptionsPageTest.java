package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/OPTIONS.md says of every option what the code does. */
class OptionsPageTest {
  private static final Path PAGE = Path.of("../docs/OPTIONS.md");
  private static final Pattern RANGE =
      Pattern.compile("([\\d.,]+)( m?s)? (?:to ([\\d.,]+)( m?s)?|or more)");

  /** A row of the tables of options: the name, its type, its default, what is valid. */
  record Row(String option, String type, String byDefault, String valid) {}

  private static List<List<String>> rows(int cells) throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList())
        .filter(row -> row.size() == cells)
        .toList();
  }

  static List<Row> options() throws IOException {
    return rows(5).stream()
        .map(row -> new Row(code(row.get(0)), code(row.get(1)), code(row.get(2)), row.get(3)))
        .toList();
  }

  private static String code(String cell) {
    return cell.replace("`", "");
  }

  private static Map<String, Method> getters() {
    Map<String, Method> getters = new TreeMap<>();
    for (Method method : TracingOptions.class.getMethods()) {
      if (method.getName().startsWith("get") && method.getDeclaringClass() != Object.class) {
        String name = method.getName().substring(3);
        getters.put(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), method);
      }
    }
    return getters;
  }

  @Test
  void thePageHasEveryOptionOnceAndNoOther() throws IOException {
    assertThat(options().stream().map(Row::option))
        .containsExactlyInAnyOrderElementsOf(getters().keySet());
  }

  @ParameterizedTest
  @MethodSource("options")
  void theTypeAndTheDefaultAreThoseOfTheCode(Row row) throws ReflectiveOperationException {
    Method getter = getters().get(row.option());
    assertThat(row.type())
        .isEqualTo(getter.getGenericReturnType().getTypeName().replaceAll("[a-z]+\\.", ""));
    assertThat(row.byDefault()).isEqualTo(written(getter.invoke(new TracingOptions())));
  }

  private static String written(Object value) {
    if (value instanceof Duration duration) {
      return duration.toSeconds() + " s";
    }
    if (value instanceof Integer || value instanceof Long) {
      return String.format(Locale.ROOT, "%,d", value);
    }
    return value == InstantSource.system() ? "InstantSource.system()" : String.valueOf(value);
  }

  static Stream<Row> ranges() throws IOException {
    return options().stream().filter(row -> RANGE.matcher(row.valid()).matches());
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void theEdgesOfARangeAreValidAndWhatIsBeyondThemIsNot(Row row) {
    Matcher range = RANGE.matcher(row.valid());
    assertThat(range.matches()).isTrue();
    double least = number(range.group(1), range.group(2));
    check(row, least, least - 0.001, -1);
    if (range.group(3) != null) {
      double most = number(range.group(3), range.group(4));
      check(row, most, most + 0.001, 1);
    }
  }

  /** Durations in seconds. */
  private static double number(String digits, String unit) {
    double number = Double.parseDouble(digits.replace(",", ""));
    return " ms".equals(unit) ? number / 1_000 : number;
  }

  private static void check(Row row, double edge, double beyond, int step) {
    Class<?> type = getters().get(row.option()).getReturnType();
    Object valid = edge;
    Object invalid = beyond;
    if (type == Duration.class) {
      valid = Duration.ofMillis(Math.round(edge * 1_000));
      invalid = Duration.ofMillis(Math.round(beyond * 1_000));
    } else if (type == int.class) {
      valid = (int) edge;
      invalid = (int) edge + step;
    } else if (type == long.class) {
      valid = (long) edge;
      invalid = (long) edge + step;
    }
    Object atEdge = valid;
    Object outside = invalid;
    assertThatCode(() -> create(row.option(), atEdge)).doesNotThrowAnyException();
    assertThatThrownBy(() -> create(row.option(), outside))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(row.option() + " is ");
  }

  private static void create(String option, Object value) {
    Tracer.create(options -> set(options, option, value), name -> null).close();
  }

  private static void set(TracingOptions options, String option, Object value) {
    String name = "set" + option.substring(0, 1).toUpperCase(Locale.ROOT) + option.substring(1);
    try {
      Class<?> type = getters().get(option).getReturnType();
      TracingOptions.class.getMethod(name, type).invoke(options, value);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachVariableOnThePageSetsItsOption() throws IOException {
    Map<String, String> examples =
        Map.of("SENTRY_TRACES_SAMPLE_RATE", "0.5", "SENTRY_TRACE_LIFECYCLE", "static");
    for (List<String> row : rows(3)) {
      String variable = code(row.get(0));
      String example = examples.getOrDefault(variable, "true");
      TracingOptions options = new TracingOptions();
      EnvironmentOptions.read(name -> name.equals(variable) ? example : null, options);

      assertThat(changed(options)).as(variable).containsExactly(code(row.get(1)));
    }
  }

  private static List<String> changed(TracingOptions options) {
    List<String> changed = new ArrayList<>();
    getters()
        .forEach(
            (option, getter) -> {
              try {
                String now = written(getter.invoke(options));
                if (!now.equals(written(getter.invoke(new TracingOptions())))) {
                  changed.add(option);
                }
              } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
              }
            });
    return changed;
  }

  @Test
  void thePageHasEveryVariableThatIsReadAndNoOther() throws IOException {
    TreeSet<String> read = new TreeSet<>();
    Tracer.createDefault(
            options -> {},
            name -> {
              read.add(name);
              return name.equals("SENTRY_TRACE") ? "garbage" : null;
            })
        .close();

    TreeSet<String> written = new TreeSet<>();
    Matcher variable = Pattern.compile("SENTRY_[A-Z_]+").matcher(Files.readString(PAGE));
    while (variable.find()) {
      written.add(variable.group());
    }
    assertThat(written).isEqualTo(read);
  }
}

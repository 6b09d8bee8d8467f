package dev.spanstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.VarHandle;
import java.lang.invoke.VarHandle.VarHandleDesc;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a native image must be told of the library: what it finds by name while it runs. */
class NativeImageTest {
  private static final String METADATA =
      "/META-INF/native-image/dev.spanstream/spanstream-api/reachability-metadata.json";
  private static final Pattern FIELD =
      Pattern.compile("\"type\": \"([^\"]+)\", \"fields\": \\[\\{ \"name\": \"(\\w+)\" }]");
  private static final Pattern RESOURCE = Pattern.compile("\"glob\": \"([^\"]+)\"");

  @Test
  void everyFieldThatAVarHandleLooksUpIsNamedAndNoOther() throws Exception {
    List<String> named =
        FIELD.matcher(metadata()).results().map(it -> it.group(1) + "." + it.group(2)).toList();
    assertThat(named).containsExactlyInAnyOrderElementsOf(fieldsOfVarHandles());
  }

  @Test
  void everyResourceThatIsNamedIsThere() throws Exception {
    List<String> resources = RESOURCE.matcher(metadata()).results().map(it -> it.group(1)).toList();
    assertThat(resources)
        .isNotEmpty()
        .allSatisfy(it -> assertThat(Tracer.class.getResource("/" + it)).isNotNull());
  }

  private static List<String> fieldsOfVarHandles() throws Exception {
    List<String> fields = new ArrayList<>();
    for (Class<?> type : classes()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == VarHandle.class && Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          VarHandle handle = (VarHandle) field.get(null);
          VarHandleDesc described = handle.describeConstable().orElseThrow();
          fields.add(handle.coordinateTypes().get(0).getName() + "." + described.constantName());
        }
      }
    }
    return fields;
  }

  private static List<Class<?>> classes() throws Exception {
    Path root = Path.of(Tracer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".class")).toList()) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        if (!name.equals("module-info.class")) {
          classes.add(Class.forName(name.substring(0, name.length() - ".class".length())));
        }
      }
    }
    return classes;
  }

  private static String metadata() throws Exception {
    try (var in = NativeImageTest.class.getResourceAsStream(METADATA)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

package io.bundlet.manifests.yaml;

import io.bundlet.manifests.yaml.YamlValue.Field;
import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.bundlet.manifests.yaml.YamlValue.Sequence;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Field paths as people write them: {@code spec.containers[0].env[1].name}, {@code metadata.labels[app/name]}. */
public final class YamlPath {
  private static final Pattern SEGMENT = Pattern.compile("\\.?([^.\\[\\]]+)|\\[([^\\]]*)\\]");

  private YamlPath() {}

  /** The line of the value at the path; where it is missing, of the nearest that holds it. */
  public static int line(YamlValue root, String path) {
    YamlValue at = root;
    int line = root.line();
    Matcher segments = SEGMENT.matcher(path);
    while (segments.find()) {
      String key = segments.group(1) != null ? segments.group(1) : segments.group(2);
      if (at instanceof Mapping mapping && mapping.fields().get(key) instanceof Field field) {
        line = field.line();
        at = field.value();
      } else if (at instanceof Sequence sequence && index(key) < sequence.items().size()) {
        at = sequence.items().get(index(key));
        line = at.line();
      } else {
        return line;
      }
    }
    return line;
  }

  private static int index(String key) {
    return key.matches("\\d{1,6}") ? Integer.parseInt(key) : Integer.MAX_VALUE;
  }

  /** The path of a field below another; the parent may be empty. */
  public static String field(String parent, String key) {
    return parent.isEmpty() ? key : parent + "." + key;
  }
}

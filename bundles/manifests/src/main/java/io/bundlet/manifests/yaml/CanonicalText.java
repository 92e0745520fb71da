package io.bundlet.manifests.yaml;

import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.bundlet.manifests.yaml.YamlValue.Scalar;
import io.bundlet.manifests.yaml.YamlValue.ScalarType;
import io.bundlet.manifests.yaml.YamlValue.Sequence;
import java.util.List;
import java.util.TreeSet;

/** One text for all ways to write the same value: comments, order of fields and line breaks do not count. */
public final class CanonicalText {
  private CanonicalText() {}

  /** The text of a value. */
  public static String of(YamlValue value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(YamlValue value, StringBuilder text) {
    switch (value) {
      case Mapping mapping -> {
        text.append('{');
        for (String key : new TreeSet<>(mapping.fields().keySet())) {
          quote(key, text);
          text.append(':');
          write(mapping.get(key), text);
          text.append(',');
        }
        text.append('}');
      }
      case Sequence sequence -> {
        text.append('[');
        List<YamlValue> items = sequence.items();
        for (YamlValue item : items) {
          write(item, text);
          text.append(',');
        }
        text.append(']');
      }
      case Scalar scalar -> {
        if (scalar.type() == ScalarType.TEXT) {
          quote(scalar.text(), text);
        } else {
          text.append(scalar.type() == ScalarType.NULL ? "null" : scalar.text());
        }
      }
    }
  }

  private static void quote(String from, StringBuilder text) {
    text.append('"').append(from.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }
}

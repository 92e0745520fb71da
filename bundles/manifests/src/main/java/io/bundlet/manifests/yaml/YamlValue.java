package io.bundlet.manifests.yaml;

import java.util.List;
import java.util.Map;

/** A value of a YAML document with the line that it starts at (of the file, from 1). */
public sealed interface YamlValue {
  /** Line of the file, from 1. */
  int line();

  /** What a reader of messages calls this kind of value. */
  String kind();

  /** A map with text keys, in the file's order. */
  record Mapping(int line, Map<String, Field> fields) implements YamlValue {
    @Override
    public String kind() {
      return "a map";
    }

    /** The value of a field, or null. */
    public YamlValue get(String key) {
      Field field = fields.get(key);
      return field == null ? null : field.value();
    }

    /** The text of a field that is text; else the empty text. */
    public String text(String key) {
      return get(key) instanceof Scalar scalar && scalar.type() == ScalarType.TEXT ? scalar.text() : "";
    }
  }

  /** A field of a map, with the line of its key. */
  record Field(int line, YamlValue value) {}

  /** A list. */
  record Sequence(int line, List<YamlValue> items) implements YamlValue {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Anything else; numbers are kept as text in decimal. */
  record Scalar(int line, ScalarType type, String text) implements YamlValue {
    @Override
    public String kind() {
      return switch (type) {
        case NULL -> "nothing";
        case BOOLEAN -> "the boolean " + text;
        case INTEGER, NUMBER -> "the number " + text;
        case TEXT -> "the text \"" + Texts.shortened(text) + "\"";
      };
    }
  }

  /** The types of YAML's core schema. */
  enum ScalarType {
    NULL,
    BOOLEAN,
    INTEGER,
    NUMBER,
    TEXT
  }
}

package io.bundlet.apiserver.kubeconfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A part of a file of YAML or JSON, with words for what is wrong in it. */
final class Document {
  static final int MAX_FILE = 1 << 20;

  private final Path file;
  private final String path;
  private final Map<?, ?> values;

  private Document(Path file, String path, Map<?, ?> values) {
    this.file = file;
    this.path = path;
    this.values = values;
  }

  static Document read(Path file) throws AccessFailure {
    return parse(file, text(file));
  }

  static Document parse(Path file, String text) throws AccessFailure {
    try {
      Object root = new Load(LoadSettings.builder().setLabel(file.toString()).setMaxAliasesForCollections(20)
          .setCodePointLimit(MAX_FILE).build()).loadFromString(text);
      if (root instanceof Map<?, ?> map) {
        return new Document(file, "", map);
      }
      throw new AccessFailure(file + ": is no YAML object");
    } catch (YamlEngineException e) {
      throw new AccessFailure(file + ": is no YAML: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
  }

  /** What stands in a file. */
  static String text(Path file) throws AccessFailure {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new AccessFailure(file + ": larger than 1 MiB");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new AccessFailure(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new AccessFailure(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  AccessFailure failure(String message) {
    return new AccessFailure(file + ": " + message);
  }

  AccessFailure failure(String key, Exception cause) {
    return new AccessFailure(file + ": " + path + key + ": " + cause.getMessage(), cause);
  }

  /** The element of a list {@code [{name: NAME, KIND: {...}}]} with this name. */
  Document named(String list, String name, String kind) throws AccessFailure {
    if (values.get(list) instanceof List<?> elements) {
      for (Object element : elements) {
        if (element instanceof Map<?, ?> map && name.equals(map.get("name"))) {
          return new Document(file, path + list + "[" + name + "]." + kind + ".",
              map.get(kind) instanceof Map<?, ?> content ? content : Map.of());
        }
      }
    }
    throw failure("there is no " + kind + " '" + name + "' in " + list);
  }

  boolean has(String key) {
    return values.get(key) instanceof Map<?, ?>;
  }

  Document part(String key) {
    return new Document(file, path + key + ".", values.get(key) instanceof Map<?, ?> map ? map : Map.of());
  }

  /** The elements of a list of objects or texts. */
  List<?> list(String key) {
    return values.get(key) instanceof List<?> list ? list : List.of();
  }

  /** A text; empty when it is not there. */
  String text(String key) throws AccessFailure {
    Object value = values.get(key);
    if (value == null) {
      return "";
    }
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw failure(path + key + " is no text");
  }

  boolean truth(String key) {
    return Boolean.TRUE.equals(values.get(key));
  }

  Path file(String key) throws AccessFailure {
    return file.toAbsolutePath().getParent().resolve(text(key));
  }

  /** What stands in {@code KEY-data} as Base64, or else in the file that {@code KEY} names; empty: in none. */
  String content(String key) throws AccessFailure {
    String data = text(key + "-data");
    if (!data.isEmpty()) {
      try {
        return new String(Base64.getDecoder().decode(data.replaceAll("\\s", "")), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw failure(path + key + "-data is not Base64");
      }
    }
    return text(key).isEmpty() ? "" : text(file(key));
  }

  Path file() {
    return file;
  }
}

package io.bundlet.volumes.source;

import io.bundlet.api.runtime.ProviderFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The fields of one mapping of a volume source.
 *
 * @param volume the volume's name, for messages
 * @param path where in the volume this stands, such as {@code projected.sources[0].configMap}
 * @param values what was written
 */
public record Fields(String volume, String path, Map<?, ?> values) {
  private static final int MOST_MODE = 0777;

  /** Whether the field is there. */
  public boolean has(String field) {
    return values.get(field) != null;
  }

  /** A text; empty when it is not there. */
  public String text(String field) throws ProviderFailure {
    return switch (values.get(field)) {
      case null -> "";
      case String text -> text;
      case Number number -> number.toString();
      default -> throw wrong(field, "must be text");
    };
  }

  /** A text that must be there. */
  public String required(String field) throws ProviderFailure {
    String text = text(field);
    if (text.isEmpty()) {
      throw wrong(field, "is missing");
    }
    return text;
  }

  /** A whole number; empty when it is not there. */
  public OptionalLong number(String field) throws ProviderFailure {
    return switch (values.get(field)) {
      case null -> OptionalLong.empty();
      case Integer number -> OptionalLong.of(number);
      case Long number -> OptionalLong.of(number);
      default -> throw wrong(field, "must be a whole number");
    };
  }

  /** Permission bits. */
  public int mode(String field, int otherwise) throws ProviderFailure {
    OptionalLong mode = number(field);
    if (mode.isPresent() && (mode.getAsLong() < 0 || mode.getAsLong() > MOST_MODE)) {
      throw wrong(field, "must be from 0 to 0777");
    }
    return (int) mode.orElse(otherwise);
  }

  /** A truth value; false when it is not there. */
  public boolean flag(String field) throws ProviderFailure {
    return switch (values.get(field)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw wrong(field, "must be true or false");
    };
  }

  /** A mapping; empty when it is not there. */
  public Fields fields(String field) throws ProviderFailure {
    return switch (values.get(field)) {
      case null -> new Fields(volume, path + "." + field, Map.of());
      case Map<?, ?> map -> new Fields(volume, path + "." + field, map);
      default -> throw wrong(field, "must be a mapping");
    };
  }

  /** A list of mappings; empty when it is not there. */
  public List<Fields> list(String field) throws ProviderFailure {
    if (!has(field)) {
      return List.of();
    }
    if (!(values.get(field) instanceof List<?> list)) {
      throw wrong(field, "must be a list");
    }
    List<Fields> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map<?, ?> map)) {
        throw wrong(field + "[" + i + "]", "must be a mapping");
      }
      all.add(new Fields(volume, path + "." + field + "[" + i + "]", map));
    }
    return all;
  }

  /** A failure that names the field; the source can never be mounted as it is. */
  public ProviderFailure wrong(String field, String why) {
    return failure(ProviderFailure.INVALID, field, why);
  }

  /** A failure of this kind that names the field. */
  public ProviderFailure failure(String kind, String field, String why) {
    return ProviderFailure.of(kind, about(field) + why).withReason("FailedMount");
  }

  /** The beginning of a message about a field. */
  public String about(String field) {
    return "volume \"" + volume + "\": " + path + (field.isEmpty() ? "" : "." + field) + ": ";
  }
}

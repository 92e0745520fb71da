package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Variables while they are collected, within bounds. */
final class Variables {
  /** What all of them may come to, in characters; Linux gives a new process no more by default. */
  static final int MOST = 2 << 20;

  private final Map<String, String> values = new LinkedHashMap<>();
  private int total;

  String get(String name) {
    return values.get(name);
  }

  Map<String, String> all() {
    return values;
  }

  /** Sets a variable over what it was. @throws ProviderFailure when it cannot be handed to a process */
  void set(String name, String value, String field) throws ProviderFailure {
    if (value.indexOf('\0') >= 0) {
      throw ConfigError.wrong(field, "the value of " + name + " holds a zero character; mount it as a file instead");
    }
    if (value.length() > Expansion.LONGEST) {
      throw ConfigError.wrong(field, "the value of " + name + " is longer than 1 MiB; mount it as a file instead");
    }
    String before = values.put(name, value);
    total += value.length() + (before == null ? name.length() + 2 : -before.length());
    if (total > MOST) {
      throw ConfigError.wrong(field, "the container's environment is larger than 2 MiB; mount large values as files");
    }
  }

  /** Sets a variable of which the bytes are known. */
  void set(String name, byte[] value, String field) throws ProviderFailure {
    try {
      set(name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString(), field);
    } catch (CharacterCodingException noText) {
      throw ConfigError.wrong(
          field, "the value of " + name + " is not text in UTF-8 and cannot be a variable; mount it as a file instead");
    }
  }

  void setIfAbsent(Map<String, String> others, String field) throws ProviderFailure {
    for (Map.Entry<String, String> other : others.entrySet()) {
      if (!values.containsKey(other.getKey())) {
        set(other.getKey(), other.getValue(), field);
      }
    }
  }

  /** Whether this can be a variable's name: printable ASCII without {@code =}, as Kubernetes has it since 1.32. */
  static boolean isName(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '=');
  }
}

package io.bundlet.itests.house;

import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/** A list of names and prefixes. */
record Names(List<String> names) {
  static Names of(Properties rules, String key) {
    String value = rules.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("cnf/house.properties has no " + key);
    }
    return new Names(Arrays.stream(value.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList());
  }

  boolean has(String name) {
    return names.stream().anyMatch(pattern -> pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern));
  }
}

package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container's whole environment.
 *
 * @param variables by name, in the order in which they were set
 */
public record Environment(Map<String, String> variables) {
  public Environment {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  /** Expands a command or its arguments; unknown names stay as they are. @param field names the list in failures */
  public List<String> expand(List<String> texts, String field) throws ProviderFailure {
    List<String> expanded = new ArrayList<>(texts.size());
    int total = 0;
    for (int i = 0; i < texts.size(); i++) {
      String text = Expansion.expand(texts.get(i), variables::get, field + "[" + i + "]");
      total += text.length();
      if (total > Variables.MOST) {
        throw ConfigError.wrong(field, "becomes longer than 2 MiB when its variables are put in; shorten them");
      }
      expanded.add(text);
    }
    return expanded;
  }

  /**
   * Expands a text in which every name must be known, such as a {@code subPathExpr}.
   *
   * @throws ProviderFailure with the reason {@link ConfigError#REASON} when one is not
   */
  public String expandStrictly(String text, String field) throws ProviderFailure {
    List<String> unknown = new ArrayList<>();
    String expanded =
        Expansion.expand(
            text,
            name -> {
              String value = variables.get(name);
              if (value == null) {
                unknown.add(name);
              }
              return value;
            },
            field);
    if (!unknown.isEmpty()) {
      throw ConfigError.missing(
          field, "missing value for \"" + unknown.getFirst() + "\"; set this variable in the container's env");
    }
    return expanded;
  }
}

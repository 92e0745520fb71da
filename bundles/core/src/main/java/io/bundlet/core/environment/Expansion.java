package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Kubernetes' {@code $(NAME)}: a name that is known becomes its value, any other stays as it is written; {@code $$} is
 * one {@code $}, so that {@code $$(NAME)} comes out as {@code $(NAME)}. Values are not expanded again.
 */
public final class Expansion {
  /** What any text may come to; a config map cannot hold more either. */
  static final int LONGEST = 1 << 20;

  /** Gives a variable's value. */
  @FunctionalInterface
  interface Lookup {
    /** The value; null if there is none. */
    String value(String name);
  }

  private Expansion() {}

  /**
   * Expands a text.
   *
   * @param field names the text in failures
   * @throws ProviderFailure when it becomes longer than {@link #LONGEST}
   */
  static String expand(String text, Lookup values, String field) throws ProviderFailure {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf('$', at);
      if (dollar < 0 || dollar == text.length() - 1) {
        append(out, text.substring(at), field);
        return out.toString();
      }
      append(out, text.substring(at, dollar), field);
      char next = text.charAt(dollar + 1);
      int close = next == '(' ? text.indexOf(')', dollar + 2) : -1;
      if (next == '$') {
        append(out, "$", field);
        at = dollar + 2;
      } else if (close < 0) {
        append(out, text.substring(dollar, dollar + 2), field);
        at = dollar + 2;
      } else {
        String value = values.value(text.substring(dollar + 2, close));
        append(out, value == null ? text.substring(dollar, close + 1) : value, field);
        at = close + 1;
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, String part, String field) throws ProviderFailure {
    if (part.length() > LONGEST - out.length()) {
      throw ConfigError.wrong(field, "becomes longer than 1 MiB when its variables are put in; shorten them");
    }
    out.append(part);
  }

  /**
   * Expands a path, which must not be another because a variable is missing.
   *
   * @throws ProviderFailure naming the variables that are not there
   */
  public static String strict(String text, Map<String, String> values, String field) throws ProviderFailure {
    List<String> missing = new ArrayList<>();
    String expanded =
        expand(
            text,
            name -> {
              if (!values.containsKey(name)) {
                missing.add(name);
              }
              return values.get(name);
            },
            field);
    if (!missing.isEmpty()) {
      throw ConfigError.missing(field, "the container has no variable " + String.join(", ", missing) + "; add it "
          + "to env");
    }
    return expanded;
  }

  /**
   * Expands the command of an exec probe or hook, which knows only the values that the manifest itself gives: as in
   * Kubernetes, they are taken as written, and a variable whose value comes from elsewhere is empty.
   */
  public static List<String> onlyStatic(List<String> command, List<EnvVar> env) throws ProviderFailure {
    Map<String, String> values = new HashMap<>();
    env.forEach(variable -> values.put(variable.getName(), Objects.toString(variable.getValue(), "")));
    List<String> expanded = new ArrayList<>(command.size());
    for (int i = 0; i < command.size(); i++) {
      expanded.add(expand(command.get(i), values::get, "exec.command[" + i + "]"));
    }
    return expanded;
  }
}

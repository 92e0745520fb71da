package io.bundlet.core.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the container's variables into a probe's command: {@code $(NAME)}, and {@code $$} for a dollar sign. Only
 * variables with a value in the manifest count, as by Kubernetes' kubelet, and their values are taken as they stand.
 */
final class StaticExpansion {
  private StaticExpansion() {}

  static List<String> of(List<String> command, Container container) {
    Map<String, String> values = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValueFrom() == null) {
        values.put(variable.getName(), variable.getValue() == null ? "" : variable.getValue());
      }
    }
    return command == null ? List.of() : command.stream().map(argument -> expanded(argument, values)).toList();
  }

  private static String expanded(String text, Map<String, String> values) {
    StringBuilder expanded = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = text.startsWith("$(", at) ? text.indexOf(')', at) : -1;
      if (text.startsWith("$$", at)) {
        expanded.append('$');
        at += 2;
      } else if (end > 0) {
        String value = values.get(text.substring(at + 2, end));
        expanded.append(value == null ? text.substring(at, end + 1) : value);
        at = end + 1;
      } else {
        expanded.append(c);
        at++;
      }
    }
    return expanded.toString();
  }
}

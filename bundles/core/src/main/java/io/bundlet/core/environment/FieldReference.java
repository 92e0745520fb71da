package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fields of a pod that a variable may take its value from. */
final class FieldReference {
  private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']");

  private FieldReference() {}

  /** The field's value; empty when the pod has none. @throws ProviderFailure when no variable can have this field */
  static String value(Pod pod, String fieldPath, Surroundings around, String field) throws ProviderFailure {
    ObjectMeta metadata = pod.getMetadata();
    return switch (Objects.toString(fieldPath, "")) {
      case "metadata.name" -> metadata.getName();
      case "metadata.namespace" -> metadata.getNamespace();
      case "metadata.uid" -> metadata.getUid();
      case "spec.nodeName" -> around.nodeName();
      case "spec.serviceAccountName" -> Objects.toString(pod.getSpec().getServiceAccountName(), "");
      case "status.hostIP" -> first(around.hostIps());
      case "status.hostIPs" -> String.join(",", around.hostIps());
      case "status.podIP" -> first(around.podIps());
      case "status.podIPs" -> String.join(",", around.podIps());
      default -> entry(metadata, Objects.toString(fieldPath, ""), field);
    };
  }

  private static String entry(ObjectMeta metadata, String fieldPath, String field) throws ProviderFailure {
    Matcher entry = ENTRY.matcher(fieldPath);
    if (!entry.matches()) {
      throw ConfigError.wrong(
          field + ".fieldPath",
          "\"" + fieldPath + "\" is no field that a variable can have; there are metadata.name, metadata.namespace, "
              + "metadata.uid, metadata.labels['KEY'], metadata.annotations['KEY'], spec.nodeName, "
              + "spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP and status.podIPs");
    }
    Map<String, String> entries =
        entry.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
    return entries == null ? "" : Objects.toString(entries.get(entry.group(2)), "");
  }

  private static String first(java.util.List<String> addresses) {
    return addresses.isEmpty() ? "" : addresses.getFirst();
  }
}

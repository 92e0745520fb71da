package io.bundlet.core.environment;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes containers' environments. Later wins: services, then {@code envFrom} in its order, then {@code env} in its
 * order. A value in {@code env} may use what was set before it. Reads objects, which may block.
 */
public final class EnvironmentResolver {
  private final Pod pod;
  private final Surroundings around;
  private final String namespace;

  /** For the containers of one pod. */
  public EnvironmentResolver(Pod pod, Surroundings around) {
    this.pod = pod;
    this.around = around;
    this.namespace = pod.getMetadata().getNamespace();
  }

  /**
   * The environment of a container.
   *
   * @param path of the container, such as {@code spec.containers[0]}
   * @throws ProviderFailure with the reason {@link ConfigError#REASON}, naming the field and what it refers to
   */
  public Environment resolve(Container container, String path) throws ProviderFailure {
    Map<String, String> services = ServiceVariables.of(pod, around.services());
    Variables variables = new Variables();
    // As events name containers: spec.containers{web}
    EventSink events = around.events().at(path.replaceFirst("\\[\\d+]$", "{" + container.getName() + "}"));
    for (int i = 0; i < container.getEnvFrom().size(); i++) {
      addAll(variables, events, container.getEnvFrom().get(i), path + ".envFrom[" + i + "]");
    }
    Expansion.Lookup known = name -> variables.get(name) != null ? variables.get(name) : services.get(name);
    for (int i = 0; i < container.getEnv().size(); i++) {
      EnvVar variable = container.getEnv().get(i);
      String field = path + ".env[" + i + "]";
      String written = Objects.toString(variable.getValue(), "");
      if (written.isEmpty() && variable.getValueFrom() != null) {
        add(variables, container, variable, field + ".valueFrom");
      } else {
        variables.set(variable.getName(), Expansion.expand(written, known, field + ".value"), field);
      }
    }
    variables.setIfAbsent(services, path + ".env");
    return new Environment(variables.all());
  }

  private void addAll(Variables variables, EventSink events, EnvFromSource from, String field)
      throws ProviderFailure {
    String prefix = Objects.toString(from.getPrefix(), "");
    if (from.getConfigMapRef() != null) {
      String name = ObjectReferences.name(from.getConfigMapRef().getName());
      String at = field + ".configMapRef";
      Optional<ConfigMapData> found = configMap(name, from.getConfigMapRef().getOptional(), at);
      Map<String, byte[]> values = new HashMap<>();
      found.ifPresent(
          map -> map.data().forEach((key, value) -> values.put(key, value.getBytes(StandardCharsets.UTF_8))));
      addAll(variables, events, prefix, values, at, "configMap " + namespace + "/" + name);
    } else if (from.getSecretRef() != null) {
      String name = ObjectReferences.name(from.getSecretRef().getName());
      String at = field + ".secretRef";
      Optional<SecretData> found = secret(name, from.getSecretRef().getOptional(), at);
      addAll(
          variables, events, prefix, found.map(SecretData::data).orElse(Map.of()), at,
          "secret " + namespace + "/" + name);
    }
  }

  private void addAll(
      Variables variables, EventSink events, String prefix, Map<String, byte[]> values, String field, String what)
      throws ProviderFailure {
    List<String> skipped = new ArrayList<>();
    for (Map.Entry<String, byte[]> value : new TreeMap<>(values).entrySet()) {
      String name = prefix + value.getKey();
      if (Variables.isName(name)) {
        variables.set(name, value.getValue(), field);
      } else {
        skipped.add(name);
      }
    }
    if (!skipped.isEmpty()) {
      events.event(
          "", EventSink.WARNING, "InvalidEnvironmentVariableNames",
          "Keys [" + String.join(", ", skipped) + "] from the EnvFrom " + what
              + " were skipped since they are considered invalid environment variable names.");
    }
  }

  private void add(Variables variables, Container container, EnvVar variable, String field) throws ProviderFailure {
    EnvVarSource from = variable.getValueFrom();
    String name = variable.getName();
    if (from.getFieldRef() != null) {
      String at = field + ".fieldRef";
      variables.set(name, FieldReference.value(pod, from.getFieldRef().getFieldPath(), around, at), field);
    } else if (from.getResourceFieldRef() != null) {
      String at = field + ".resourceFieldRef";
      variables.set(
          name, ResourceReference.value(pod, container, from.getResourceFieldRef(), around.allocatable(), at), field);
    } else if (from.getConfigMapKeyRef() != null) {
      fromConfigMap(variables, name, from, field + ".configMapKeyRef");
    } else if (from.getSecretKeyRef() != null) {
      fromSecret(variables, name, from, field + ".secretKeyRef");
    } else {
      throw ConfigError.wrong(
          field, "needs one of fieldRef, resourceFieldRef, configMapKeyRef and secretKeyRef; nothing"
              + " else is read here");
    }
  }

  private void fromConfigMap(Variables variables, String name, EnvVarSource from, String field)
      throws ProviderFailure {
    String object = ObjectReferences.name(from.getConfigMapKeyRef().getName());
    String key = Objects.toString(from.getConfigMapKeyRef().getKey(), "");
    boolean optional = Boolean.TRUE.equals(from.getConfigMapKeyRef().getOptional());
    Optional<ConfigMapData> found = configMap(object, optional, field);
    Optional<String> value = found.map(map -> map.data().get(key));
    if (value.isPresent()) {
      variables.set(name, value.get(), field);
    } else if (!optional) {
      boolean binary = found.filter(map -> map.binaryData().containsKey(key)).isPresent();
      throw ConfigError.missing(
          field, "couldn't find key " + key + " in ConfigMap " + namespace + "/" + object
              + (binary ? "; it is in binaryData, which cannot be a variable: mount it as a file" : "; "
                  + keys(found.get().data())));
    }
  }

  private void fromSecret(Variables variables, String name, EnvVarSource from, String field) throws ProviderFailure {
    String object = ObjectReferences.name(from.getSecretKeyRef().getName());
    String key = Objects.toString(from.getSecretKeyRef().getKey(), "");
    boolean optional = Boolean.TRUE.equals(from.getSecretKeyRef().getOptional());
    Optional<SecretData> found = secret(object, optional, field);
    Optional<byte[]> value = found.map(secret -> secret.data().get(key));
    if (value.isPresent()) {
      variables.set(name, value.get(), field);
    } else if (!optional) {
      throw ConfigError.missing(
          field, "couldn't find key " + key + " in Secret " + namespace + "/" + object + "; "
          + keys(found.get().data()));
    }
  }

  private static String keys(Map<String, ?> data) {
    String all = String.join(", ", data.keySet().stream().sorted().limit(10).toList());
    return data.isEmpty() ? "it has no keys" : "it has " + all + (data.size() > 10 ? " and more" : "");
  }

  private Optional<ConfigMapData> configMap(String name, Boolean optional, String field) throws ProviderFailure {
    Optional<ConfigMapData> found;
    try {
      found = around.objects().configMap(namespace, name);
    } catch (ProviderFailure failure) {
      throw ConfigError.unread(field, failure);
    }
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw ConfigError.missing(
          field, "configmap \"" + name + "\" not found in namespace " + namespace + "; add it, or set optional: true");
    }
    return found;
  }

  private Optional<SecretData> secret(String name, Boolean optional, String field) throws ProviderFailure {
    Optional<SecretData> found;
    try {
      found = around.objects().secret(namespace, name);
    } catch (ProviderFailure failure) {
      throw ConfigError.unread(field, failure);
    }
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw ConfigError.missing(
          field, "secret \"" + name + "\" not found in namespace " + namespace + "; add it, or set optional: true");
    }
    return found;
  }
}

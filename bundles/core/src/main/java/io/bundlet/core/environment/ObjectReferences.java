package io.bundlet.core.environment;

import io.bundlet.api.objects.ObjectKey;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The objects that the environments of a pod's containers refer to, and the secrets that they are pulled with. */
public final class ObjectReferences {
  private ObjectReferences() {}

  /** Their keys. */
  public static Set<ObjectKey> of(Pod pod) {
    String namespace = pod.getMetadata().getNamespace();
    Set<ObjectKey> keys = new LinkedHashSet<>();
    Stream.of(pod.getSpec().getInitContainers(), pod.getSpec().getContainers()).flatMap(List::stream)
        .forEach(container -> add(keys, container, namespace));
    pod.getSpec().getImagePullSecrets().stream().map(secret -> name(secret.getName()))
        .filter(name -> !name.isEmpty()).forEach(name -> keys.add(ObjectKey.secret(namespace, name)));
    return keys;
  }

  private static void add(Set<ObjectKey> keys, Container container, String namespace) {
    for (EnvFromSource from : container.getEnvFrom()) {
      if (from.getConfigMapRef() != null) {
        keys.add(ObjectKey.configMap(namespace, name(from.getConfigMapRef().getName())));
      }
      if (from.getSecretRef() != null) {
        keys.add(ObjectKey.secret(namespace, name(from.getSecretRef().getName())));
      }
    }
    for (EnvVar variable : container.getEnv()) {
      EnvVarSource from = variable.getValueFrom();
      if (from != null && from.getConfigMapKeyRef() != null) {
        keys.add(ObjectKey.configMap(namespace, name(from.getConfigMapKeyRef().getName())));
      }
      if (from != null && from.getSecretKeyRef() != null) {
        keys.add(ObjectKey.secret(namespace, name(from.getSecretKeyRef().getName())));
      }
    }
  }

  static String name(String written) {
    return written == null ? "" : written;
  }
}

package io.bundlet.apiserver.mirror;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an API server would refuse the mirror of a static pod: mirrors may not refer to its objects. */
final class MirrorObstacle {
  private MirrorObstacle() {}

  /** The first field for which there can be no mirror. */
  static Optional<String> of(Pod pod) {
    String account = pod.getSpec().getServiceAccountName();
    if (account != null && !account.isEmpty()) {
      return Optional.of("spec.serviceAccountName");
    }
    if (!pod.getSpec().getImagePullSecrets().isEmpty()) {
      return Optional.of("spec.imagePullSecrets");
    }
    for (Volume volume : pod.getSpec().getVolumes()) {
      Optional<String> kind = kind(volume);
      if (kind.isPresent()) {
        return Optional.of("spec.volumes[" + volume.getName() + "]." + kind.get());
      }
    }
    return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
        .flatMap(container -> environment(container).stream()).findFirst();
  }

  private static Optional<String> kind(Volume volume) {
    if (volume.getConfigMap() != null) {
      return Optional.of("configMap");
    }
    if (volume.getSecret() != null) {
      return Optional.of("secret");
    }
    if (volume.getPersistentVolumeClaim() != null) {
      return Optional.of("persistentVolumeClaim");
    }
    if (volume.getEphemeral() != null) {
      return Optional.of("ephemeral");
    }
    boolean refers = volume.getProjected() != null && volume.getProjected().getSources().stream().anyMatch(
        source -> source.getConfigMap() != null || source.getSecret() != null
            || source.getServiceAccountToken() != null);
    return refers ? Optional.of("projected") : Optional.empty();
  }

  private static Optional<String> environment(Container container) {
    String where = "spec.containers[" + container.getName() + "]";
    List<EnvFromSource> from = container.getEnvFrom();
    if (from != null && !from.isEmpty()) {
      return Optional.of(where + ".envFrom");
    }
    for (EnvVar variable : container.getEnv()) {
      boolean refers = variable.getValueFrom() != null && (variable.getValueFrom().getConfigMapKeyRef() != null
          || variable.getValueFrom().getSecretKeyRef() != null);
      if (refers) {
        return Optional.of(where + ".env[" + variable.getName() + "].valueFrom");
      }
    }
    return Optional.empty();
  }
}

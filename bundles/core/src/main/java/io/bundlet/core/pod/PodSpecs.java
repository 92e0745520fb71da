package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.container.RestartPolicy;
import io.bundlet.core.container.RestartRules;
import io.bundlet.core.resources.EffectiveResources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What of a pod's manifest this version carries out. A field that would change what the pod does and is not carried out
 * is refused by name, never ignored.
 */
final class PodSpecs {
  private PodSpecs() {}

  /** The first field that is not carried out. */
  static Optional<String> unsupported(Pod pod) {
    PodSpec spec = pod.getSpec();
    List<String> found = new ArrayList<>();
    refuse(found, "spec.resourceClaims", !spec.getResourceClaims().isEmpty());
    for (int i = 0; i < spec.getInitContainers().size(); i++) {
      Container container = spec.getInitContainers().get(i);
      String path = "spec.initContainers[" + i + "]";
      unsupported(container, path, found);
    }
    for (int i = 0; i < spec.getContainers().size(); i++) {
      Container container = spec.getContainers().get(i);
      String path = "spec.containers[" + i + "]";
      unsupported(container, path, found);
    }
    for (int i = 0; i < spec.getVolumes().size(); i++) {
      unsupported(spec.getVolumes().get(i), "spec.volumes[" + i + "]", found);
    }
    return found.stream().findFirst();
  }

  private static void unsupported(Volume volume, String path, List<String> found) {
    if (volume.getEmptyDir() != null) {
      String medium = Objects.toString(volume.getEmptyDir().getMedium(), "");
      refuse(found, path + ".emptyDir.medium", medium.startsWith("HugePages"));
    }
    List<VolumeProjection> sources = volume.getProjected() == null ? List.of() : volume.getProjected().getSources();
    for (int i = 0; i < sources.size(); i++) {
      String at = path + ".projected.sources[" + i + "]";
      refuse(found, at + ".clusterTrustBundle", sources.get(i).getClusterTrustBundle() != null);
      refuse(found, at + ".podCertificate", sources.get(i).getPodCertificate() != null);
    }
  }

  /** What the manifest says that can never be carried out anywhere, such as a negative amount. */
  static Optional<Refusal> wrong(Pod pod) {
    Optional<Refusal> policy =
        wrongPolicy("spec.initContainers", pod.getSpec().getInitContainers())
            .or(() -> wrongPolicy("spec.containers", pod.getSpec().getContainers()));
    if (policy.isPresent()) {
      return policy;
    }
    try {
      EffectiveResources.of(pod.getSpec());
      return Optional.empty();
    } catch (ProviderFailure failure) {
      String field = failure.getMessage().substring(0, failure.getMessage().indexOf(':'));
      return Optional.of(new Refusal(field, "UnexpectedAdmissionError", failure.getMessage()));
    }
  }

  private static Optional<Refusal> wrongPolicy(String at, List<Container> containers) {
    for (int i = 0; i < containers.size(); i++) {
      Container container = containers.get(i);
      String policy = container.getRestartPolicy();
      String field = at + "[" + i + "].restartPolicy";
      if (policy == null && !container.getRestartPolicyRules().isEmpty()) {
        return Optional.of(bad(field, "has to be set where there are restartPolicyRules"));
      }
      if (policy != null && RestartPolicy.named(policy).isEmpty()) {
        return Optional.of(bad(field, policy + " is none of Always, OnFailure, Never"));
      }
    }
    return Optional.empty();
  }

  private static Refusal bad(String field, String why) {
    return new Refusal(field, "UnexpectedAdmissionError", field + ": " + why);
  }

  private static void unsupported(Container container, String path, List<String> found) {
    for (int i = 0; i < container.getRestartPolicyRules().size(); i++) {
      String action = container.getRestartPolicyRules().get(i).getAction();
      refuse(found, path + ".restartPolicyRules[" + i + "].action", !RestartRules.RESTART.equals(action));
    }
    refuse(found, path + ".volumeDevices", !container.getVolumeDevices().isEmpty());
    for (int i = 0; i < container.getEnv().size(); i++) {
      EnvVar variable = container.getEnv().get(i);
      EnvVarSource from = variable.getValueFrom();
      refuse(found, path + ".env[" + i + "].valueFrom.fileKeyRef", from != null && from.getFileKeyRef() != null);
    }
  }

  private static void refuse(List<String> found, String field, boolean present) {
    if (present) {
      found.add(field);
    }
  }
}

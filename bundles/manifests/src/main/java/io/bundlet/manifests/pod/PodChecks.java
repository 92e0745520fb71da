package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Set;

/** What an API server would refuse in a pod. */
final class PodChecks {
  private final Findings findings;

  PodChecks(Findings findings) {
    this.findings = findings;
  }

  void check(Pod pod, Set<String> badVolumes) {
    metadata(pod.getMetadata());
    if (pod.getSpec() == null) {
      findings.add("spec", "is missing; a pod needs spec.containers");
    } else {
      spec(pod.getSpec(), badVolumes);
    }
  }

  private void metadata(ObjectMeta metadata) {
    if (metadata == null) {
      findings.add("metadata.name", "is missing; write one, such as web");
      return;
    }
    if (metadata.getGenerateName() != null && metadata.getName() == null) {
      findings.add("metadata.generateName", "names are not generated for manifests; write metadata.name");
    } else if (Names.present(metadata.getName(), "metadata.name", "web", findings)) {
      Names.subdomain(metadata.getName(), "metadata.name", findings);
    }
    if (metadata.getNamespace() != null) {
      Names.label(metadata.getNamespace(), "metadata.namespace", findings);
    }
    if (metadata.getLabels() != null) {
      Names.qualified(metadata.getLabels().keySet(), "metadata.labels", findings);
      metadata.getLabels().forEach((key, value) -> Names.labelValue(value, "metadata.labels[" + key + "]", findings));
    }
    if (metadata.getAnnotations() != null) {
      Names.qualified(metadata.getAnnotations().keySet(), "metadata.annotations", findings);
    }
  }

  private void spec(PodSpec spec, Set<String> badVolumes) {
    Names.oneOf(spec.getRestartPolicy(), List.of("Always", "OnFailure", "Never"), "spec.restartPolicy", findings);
    Names.between(spec.getTerminationGracePeriodSeconds(), 0, Integer.MAX_VALUE, "spec.terminationGracePeriodSeconds",
        findings);
    Names.between(spec.getActiveDeadlineSeconds(), 1, Integer.MAX_VALUE, "spec.activeDeadlineSeconds", findings);
    if (spec.getRuntimeClassName() != null) {
      Names.subdomain(spec.getRuntimeClassName(), "spec.runtimeClassName", findings);
    }
    new NameChecks(findings).check(spec);
    new ResourceChecks(findings).ofPod(spec.getResources());
    if (!spec.getEphemeralContainers().isEmpty()) {
      findings.add("spec.ephemeralContainers", "are added to running pods and cannot stand in a manifest; remove them");
    }
    Set<String> volumes = new VolumeChecks(findings).check(spec.getVolumes(), badVolumes);
    containers(spec, volumes);
  }

  private void containers(PodSpec spec, Set<String> volumes) {
    if (spec.getContainers().isEmpty()) {
      findings.add("spec.containers", "is missing or empty; a pod needs at least one container with name and image");
    }
    Names.Unique names = new Names.Unique("container named", findings);
    Names.Unique hostPorts = new Names.Unique("use of host port", findings);
    check(spec.getInitContainers(), "spec.initContainers", spec, volumes, names, hostPorts);
    check(spec.getContainers(), "spec.containers", spec, volumes, names, hostPorts);
  }

  private void check(List<Container> containers, String path, PodSpec spec, Set<String> volumes, Names.Unique names,
      Names.Unique hostPorts) {
    boolean init = path.endsWith("initContainers");
    for (int i = 0; i < containers.size(); i++) {
      Container container = containers.get(i);
      String at = path + "[" + i + "]";
      names.add(container.getName(), at + ".name");
      new ContainerChecks(findings, at, volumes, hostPorts)
          .check(container, Boolean.TRUE.equals(spec.getHostNetwork()));
      HandlerChecks handlers = new HandlerChecks(findings, spec.getTerminationGracePeriodSeconds());
      if (init && !"Always".equals(container.getRestartPolicy())) {
        handlers.checkNone(container, at);
      } else {
        handlers.check(container, at);
      }
      if (container.getRestartPolicy() != null) {
        Names.oneOf(container.getRestartPolicy(), init ? List.of("Always") : List.of("Always", "OnFailure", "Never"),
            at + ".restartPolicy", findings);
      }
    }
  }
}

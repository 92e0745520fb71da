package io.bundlet.core.dispatch;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.core.image.ImageName;
import io.bundlet.core.pod.PodWorker;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes ephemeral containers of what people ask for. */
final class DebugContainers {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private DebugContainers() {}

  /** Adds one to a running pod; blocks until that is remembered. @return its name */
  static String add(PodWorker worker, PodManifests manifests, DebugContainer wanted)
      throws AdminFailure, InterruptedException {
    Map<String, Object> before = worker.manifest();
    Pod pod = manifests.pod(before);
    EphemeralContainer made = make(pod.getSpec(), wanted);
    pod.getSpec().getEphemeralContainers().add(made);
    worker.addEphemeral(pod.getSpec(), before, manifests.tree(pod));
    return made.getName();
  }

  private static EphemeralContainer make(PodSpec spec, DebugContainer wanted) throws AdminFailure {
    Set<String> taken =
        Stream.of(
                spec.getContainers().stream().map(Container::getName),
                spec.getInitContainers().stream().map(Container::getName),
                spec.getEphemeralContainers().stream().map(EphemeralContainer::getName))
            .flatMap(names -> names)
            .collect(Collectors.toSet());
    String name = wanted.name().isEmpty() ? free(taken) : wanted.name();
    if (taken.contains(name)) {
      throw new AdminFailure("the pod has a container '" + name + "' already; give another name");
    }
    if (!LABEL.matcher(name).matches()) {
      throw new AdminFailure(
          "'" + name + "' is no name of a container; use at most 63 small letters, digits and '-'");
    }
    if (wanted.image().isBlank()) {
      throw new AdminFailure("a container needs an image; give one, such as docker.io/library/busybox");
    }
    if (!wanted.target().isEmpty() && !taken.contains(wanted.target())) {
      throw new AdminFailure(
          "the pod has no container '" + wanted.target() + "'; it has " + String.join(", ", taken));
    }
    return new EphemeralContainerBuilder()
        .withName(name)
        .withImage(wanted.image())
        .withImagePullPolicy(ImageName.floats(wanted.image()) ? "Always" : "IfNotPresent")
        .withCommand(wanted.command())
        .withTargetContainerName(wanted.target().isEmpty() ? null : wanted.target())
        .withTerminationMessagePath("/dev/termination-log")
        .withTerminationMessagePolicy("File")
        .build();
  }

  private static String free(Set<String> taken) {
    return Stream.iterate(1, number -> number + 1)
        .map(number -> "debugger-" + number)
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElseThrow();
  }
}

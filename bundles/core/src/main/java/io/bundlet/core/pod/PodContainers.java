package io.bundlet.core.pod;

import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.RestartPolicy;
import io.bundlet.core.container.RestartRules;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod's containers, each with what it is in the pod.
 *
 * @param init ordinary ones and sidecars, in the manifest's order
 */
record PodContainers(List<Member> init, List<Member> regular, List<Member> ephemeral) {
  /**
   * A container of the pod.
   *
   * @param restart when it is made again
   * @param target the container whose processes it wants to see; empty: none
   */
  record Member(Container container, ContainerType type, RestartRules restart, String target) {
    String name() {
      return container.getName();
    }
  }

  static PodContainers of(PodSpec spec, RestartPolicy policy) {
    return new PodContainers(
        spec.getInitContainers().stream()
            .map(one -> member(one, sidecar(one) ? ContainerType.SIDECAR : ContainerType.INIT, policy)).toList(),
        spec.getContainers().stream().map(one -> member(one, ContainerType.REGULAR, policy)).toList(),
        spec.getEphemeralContainers().stream()
            .map(one -> ephemeral(one, policy)).toList());
  }

  private static Member member(Container container, ContainerType type, RestartPolicy ofPod) {
    return new Member(container, type, RestartRules.of(container, type, ofPod), "");
  }

  private static Member ephemeral(EphemeralContainer from, RestartPolicy ofPod) {
    Container container = container(from);
    return new Member(
        container, ContainerType.EPHEMERAL, RestartRules.of(container, ContainerType.EPHEMERAL, ofPod),
        Objects.toString(from.getTargetContainerName(), ""));
  }

  static boolean sidecar(Container init) {
    return RestartPolicy.Always.name().equals(init.getRestartPolicy());
  }

  /** All of them: init, regular, ephemeral. */
  List<Member> all() {
    return Stream.of(init, regular, ephemeral).flatMap(List::stream).toList();
  }

  Map<String, Member> byName() {
    return all().stream().collect(Collectors.toMap(Member::name, member -> member));
  }

  private static Container container(EphemeralContainer from) {
    Container made = new Container();
    made.setName(from.getName());
    made.setImage(from.getImage());
    made.setImagePullPolicy(from.getImagePullPolicy());
    made.setCommand(from.getCommand());
    made.setArgs(from.getArgs());
    made.setWorkingDir(from.getWorkingDir());
    made.setEnv(from.getEnv());
    made.setEnvFrom(from.getEnvFrom());
    made.setVolumeMounts(from.getVolumeMounts());
    made.setSecurityContext(from.getSecurityContext());
    made.setStdin(from.getStdin());
    made.setStdinOnce(from.getStdinOnce());
    made.setTty(from.getTty());
    made.setTerminationMessagePath(from.getTerminationMessagePath());
    made.setTerminationMessagePolicy(from.getTerminationMessagePolicy());
    return made;
  }
}

package io.bundlet.core.pod;

import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.RestartPolicy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
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
   * @param restartPolicy its own and the pod's, taken together
   */
  record Member(Container container, ContainerType type, RestartPolicy restartPolicy) {
    String name() {
      return container.getName();
    }
  }

  static PodContainers of(PodSpec spec, RestartPolicy policy) {
    return new PodContainers(
        spec.getInitContainers().stream()
            .map(container -> sidecar(container)
                ? new Member(container, ContainerType.SIDECAR, RestartPolicy.Always)
                : new Member(container, ContainerType.INIT, ofInit(policy)))
            .toList(),
        spec.getContainers().stream().map(container -> new Member(container, ContainerType.REGULAR, policy)).toList(),
        spec.getEphemeralContainers().stream()
            .map(container -> new Member(container(container), ContainerType.EPHEMERAL, RestartPolicy.Never))
            .toList());
  }

  static boolean sidecar(Container init) {
    return RestartPolicy.Always.name().equals(init.getRestartPolicy());
  }

  /** One that has ended well is never made again. */
  private static RestartPolicy ofInit(RestartPolicy ofPod) {
    return ofPod == RestartPolicy.Never ? RestartPolicy.Never : RestartPolicy.OnFailure;
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
    made.setTerminationMessagePath(from.getTerminationMessagePath());
    made.setTerminationMessagePolicy(from.getTerminationMessagePolicy());
    return made;
  }
}

package io.bundlet.core.status;

import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.RestartRules;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The phase of a pod from its containers, as in the Kubernetes kubelet; ephemeral ones do not count. */
public final class Phases {
  /** Not all containers run yet. */
  public static final String PENDING = "Pending";
  /** At least one container runs, or will run again. */
  public static final String RUNNING = "Running";
  /** All containers have ended well and none runs again. */
  public static final String SUCCEEDED = "Succeeded";
  /** All containers have ended, at least one badly, and none runs again. */
  public static final String FAILED = "Failed";

  private Phases() {}

  /**
   * The phase of a pod that the node has not ended.
   *
   * @param containers all of the pod's
   * @param rules when a container is made again, by its name
   * @param ends whether the pod is being ended, so that nothing runs again
   */
  public static String of(
      Collection<ContainerSnapshot> containers, Function<String, RestartRules> rules, boolean ends) {
    List<ContainerSnapshot> init = ofType(containers, ContainerType.INIT);
    List<ContainerSnapshot> sidecars = ofType(containers, ContainerType.SIDECAR);
    List<ContainerSnapshot> regular = ofType(containers, ContainerType.REGULAR);
    if (init.stream().anyMatch(one -> endedBadly(one) && !again(one, rules))) {
      return FAILED;
    }
    boolean sidecarsPending = regular.stream().noneMatch(Phases::hasStarted) && sidecars.stream()
        .anyMatch(Phases::pending);
    if (init.stream().anyMatch(Phases::initializing) || sidecarsPending || regular.stream().anyMatch(Phases::waits)) {
      return PENDING;
    }
    if (regular.stream().anyMatch(one -> one.kind() == Kind.UNKNOWN)
        || sidecars.stream().anyMatch(one -> one.kind() == Kind.UNKNOWN)) {
      return PENDING;
    }
    if (regular.stream().anyMatch(Phases::runs) || sidecars.stream().anyMatch(Phases::runs)) {
      return RUNNING;
    }
    return regular.isEmpty() ? PENDING : stopped(regular, rules, ends);
  }

  /** Of a pod none of whose containers runs or waits for its first start. */
  private static String stopped(
      List<ContainerSnapshot> regular, Function<String, RestartRules> rules, boolean ends) {
    if (!ends && regular.stream().anyMatch(one -> again(one, rules))) {
      return RUNNING;
    }
    boolean succeeded =
        regular.stream()
            .allMatch(
                one -> one.kind() == Kind.TERMINATED && one.exit().filter(exit -> exit.code() == 0).isPresent());
    return succeeded ? SUCCEEDED : FAILED;
  }

  /** Whether a container that has ended, as it last did, is made again. One that waits does not count as ended well. */
  private static boolean again(ContainerSnapshot stopped, Function<String, RestartRules> rules) {
    RestartRules its = rules.apply(stopped.name());
    return stopped.kind() == Kind.TERMINATED
        ? stopped.exit().filter(exit -> its.restarts(exit.code())).isPresent()
        : stopped.lastExit().filter(exit -> its.restarts(Math.max(1, exit.code()))).isPresent();
  }

  /** Whether one of the pod's regular containers has run, which it does only in a pod that was initialized. */
  static boolean hasStarted(ContainerSnapshot regular) {
    return runs(regular) || regular.kind() == Kind.TERMINATED || regular.lastExit().isPresent();
  }

  private static boolean runs(ContainerSnapshot container) {
    return container.kind() == Kind.RUNNING;
  }

  private static boolean waits(ContainerSnapshot container) {
    return container.kind() == Kind.WAITING && container.lastExit().isEmpty();
  }

  private static boolean initializing(ContainerSnapshot init) {
    return runs(init) || init.kind() == Kind.UNKNOWN || waits(init);
  }

  private static boolean pending(ContainerSnapshot sidecar) {
    return runs(sidecar) && !sidecar.started() || waits(sidecar) || sidecar.kind() == Kind.UNKNOWN;
  }

  private static boolean endedBadly(ContainerSnapshot init) {
    return switch (init.kind()) {
      case TERMINATED -> init.exit().filter(exit -> exit.code() != 0).isPresent();
      case WAITING -> init.lastExit().filter(exit -> exit.code() != 0).isPresent();
      case RUNNING, UNKNOWN -> false;
    };
  }

  static List<ContainerSnapshot> ofType(Collection<ContainerSnapshot> containers, ContainerType type) {
    return containers.stream().filter(container -> container.type() == type).toList();
  }
}

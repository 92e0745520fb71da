package io.bundlet.core.status;

import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.ContainerType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Whether a pod is initialized and serves, with the Kubernetes kubelet's words for why not. */
final class Readiness {
  private static final Verdict YES = new Verdict(true, "", "");

  /** Whether a condition holds. */
  record Verdict(boolean holds, String reason, String message) {}

  private Readiness() {}

  static Verdict initialized(String phase, Collection<ContainerSnapshot> containers) {
    List<ContainerSnapshot> init =
        containers.stream()
            .filter(one -> one.type() == ContainerType.INIT || one.type() == ContainerType.SIDECAR)
            .toList();
    List<ContainerSnapshot> regular = Phases.ofType(containers, ContainerType.REGULAR);
    if (!init.isEmpty() && !regular.isEmpty() && regular.stream().allMatch(Readiness::unknown)) {
      return new Verdict(false, "UnknownContainerStatuses", "");
    }
    boolean allKnown = init.stream().noneMatch(Readiness::unknown);
    if (phase.equals(Phases.SUCCEEDED) && allKnown) {
      return new Verdict(true, "PodCompleted", "");
    }
    if (regular.stream().anyMatch(Phases::hasStarted)) {
      return YES;
    }
    return verdict(
        init, one -> one.type() == ContainerType.SIDECAR ? one.started() : one.ready(), "incomplete",
        "ContainersNotInitialized");
  }

  static Verdict containersReady(String phase, Collection<ContainerSnapshot> containers) {
    List<ContainerSnapshot> serving = containers.stream().filter(one -> one.type().serves()).toList();
    if (phase.equals(Phases.SUCCEEDED)) {
      return new Verdict(false, "PodCompleted", "");
    }
    if (phase.equals(Phases.FAILED)) {
      return new Verdict(false, "PodFailed", "");
    }
    List<ContainerSnapshot> regular = Phases.ofType(containers, ContainerType.REGULAR);
    if (regular.stream().allMatch(Readiness::unknown)) {
      return new Verdict(false, "UnknownContainerStatuses", "");
    }
    return verdict(serving, ContainerSnapshot::ready, "unready", "ContainersNotReady");
  }

  static Verdict ready(Verdict containersReady, Map<String, String> gates) {
    List<String> missing = new ArrayList<>();
    gates.forEach((gate, status) -> {
      if (status.isEmpty()) {
        missing.add("corresponding condition of pod readiness gate \"" + gate + "\" does not exist.");
      } else if (!status.equals("True")) {
        missing.add("the status of pod readiness gate \"" + gate + "\" is not \"True\", but " + status);
      }
    });
    if (!containersReady.holds() || missing.isEmpty()) {
      return containersReady;
    }
    return new Verdict(false, "ReadinessGatesNotReady", String.join(", ", missing));
  }

  private static Verdict verdict(
      List<ContainerSnapshot> containers, Predicate<ContainerSnapshot> good, String word, String reason) {
    List<String> messages = new ArrayList<>();
    add(messages, "unknown", containers.stream().filter(Readiness::unknown).toList());
    add(messages, word, containers.stream().filter(one -> !unknown(one)).filter(good.negate()).toList());
    return messages.isEmpty() ? YES : new Verdict(false, reason, String.join(", ", messages));
  }

  private static void add(List<String> messages, String word, List<ContainerSnapshot> containers) {
    if (!containers.isEmpty()) {
      messages.add(
          "containers with " + word + " status: ["
              + String.join(" ", containers.stream().map(ContainerSnapshot::name).toList()) + "]");
    }
  }

  private static boolean unknown(ContainerSnapshot container) {
    return container.kind() == Kind.UNKNOWN;
  }
}

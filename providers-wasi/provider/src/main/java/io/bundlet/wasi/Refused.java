package io.bundlet.wasi;

import static io.bundlet.wasmprovider.FieldRule.list;
import static io.bundlet.wasmprovider.FieldRule.map;

import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.wasmprovider.Admission;
import io.bundlet.wasmprovider.FieldRule;
import io.bundlet.wasmprovider.GuestRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What pods of WASI guests may not ask for: one that was to run as somebody else must not write to a host's directory.
 * Of a pod whose guests listen, each port has to be the node's, because there is no other network that it could be in.
 */
final class Refused {
  private static final GuestRules GUEST = guest(false);
  private static final GuestRules LISTENING_GUEST = guest(true);

  private static final Admission BY_WASI = new Admission(GUEST.pod(), GUEST.container());
  private static final Admission LISTENING =
      new Admission(
          and(LISTENING_GUEST.pod(), Refused::somePort, Refused::differentPorts),
          and(LISTENING_GUEST.container(), Refused::ports));

  private Refused() {}

  private static List<FieldRule> and(List<FieldRule> rules, FieldRule... more) {
    return Stream.concat(rules.stream(), Stream.of(more)).toList();
  }

  private static GuestRules guest(boolean listens) {
    return new GuestRules(
        "a WASI guest",
        "a WASI guest uses files as the node's own user; remove it",
        "a WASI guest's standard input is empty; remove it",
        "a WASI guest has no devices; mount a directory instead",
        listens);
  }

  /** Why a pod cannot be run, or nothing. */
  static Optional<Refusal> admit(PodRequest pod) {
    Object sockets = map(map(pod.manifest().get("metadata")).get("annotations")).get(PodAnnotations.SOCKETS);
    return (PodAnnotations.LISTEN.equals(sockets) ? LISTENING : BY_WASI).admit(pod);
  }

  /** Containers that run at the same time cannot listen at the same port; init containers run one after the other. */
  private static Optional<Refusal> differentPorts(String at, Map<?, ?> spec) {
    Set<Object> seen = new HashSet<>();
    for (String kind : List.of("initContainers", "containers")) {
      List<?> containers = list(spec.get(kind));
      for (int c = 0; c < containers.size(); c++) {
        Map<?, ?> container = map(containers.get(c));
        if (kind.equals("initContainers") && !"Always".equals(container.get("restartPolicy"))) {
          continue;
        }
        List<?> ports = list(container.get("ports"));
        for (int p = 0; p < ports.size(); p++) {
          Map<?, ?> port = map(ports.get(p));
          Object hostIp = port.get("hostIP");
          if (!seen.add(port.get("hostPort") + " " + (hostIp == null ? "" : hostIp))) {
            return Optional.of(Refusal.unsupported(
                at + "." + kind + "[" + c + "].ports[" + p + "].hostPort",
                "another container of the pod listens there; give each a port of its own"));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> somePort(String at, Map<?, ?> spec) {
    boolean some = Stream.of("initContainers", "containers")
        .flatMap(kind -> list(spec.get(kind)).stream())
        .anyMatch(container -> !list(map(container).get("ports")).isEmpty());
    return some ? Optional.empty() : Optional.of(Refusal.unsupported(
        at + ".containers[0].ports", "the annotation " + PodAnnotations.SOCKETS
            + " asks for a socket for each port, and there is no port; add one with a hostPort"));
  }

  private static Optional<Refusal> ports(String at, Map<?, ?> container) {
    List<?> ports = list(container.get("ports"));
    for (int i = 0; i < ports.size(); i++) {
      Map<?, ?> port = map(ports.get(i));
      String field = at + ".ports[" + i + "]";
      if (port.get("protocol") != null && !"TCP".equals(port.get("protocol"))) {
        return Optional.of(Refusal.unsupported(field + ".protocol", "a WASI guest can be given sockets for TCP only"));
      }
      if (port.get("hostPort") == null || !port.get("hostPort").equals(port.get("containerPort"))) {
        return Optional.of(Refusal.unsupported(
            field + ".hostPort", "a WASI guest has no network of its own and listens at a port of the node: give a"
                + " hostPort that is the same as containerPort"));
      }
    }
    return Optional.empty();
  }
}

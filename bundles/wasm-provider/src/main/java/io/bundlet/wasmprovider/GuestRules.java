package io.bundlet.wasmprovider;

import static io.bundlet.wasmprovider.FieldRule.list;
import static io.bundlet.wasmprovider.FieldRule.map;
import static io.bundlet.wasmprovider.FieldRule.whenFalse;
import static io.bundlet.wasmprovider.FieldRule.whenGiven;
import static io.bundlet.wasmprovider.FieldRule.whenTrue;

import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that hold for whatever runs as wasm: it is no process, has no user and no second command.
 *
 * @param guest what people call it, with its article: {@code an actor}
 * @param user what they are told who ask for a user
 * @param input what they are told who ask for standard input
 * @param devices what they are told who ask for devices of volumes
 * @param listens whether something listens at the ports that its manifest names
 */
public record GuestRules(String guest, String user, String input, String devices, boolean listens) {
  private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

  /** The rules for a pod. */
  public List<FieldRule> pod() {
    return List.of(
        whenTrue(
            guest + " is no process and shares no namespace of processes; remove it",
            "hostPID", "hostIPC", "shareProcessNamespace"),
        whenFalse(guest + " has no user namespace; remove it", "hostUsers"),
        whenGiven(guest + " has no kernel settings of its own; remove them", "securityContext.sysctls"),
        givenUser(),
        whenTrue(user, "securityContext.runAsNonRoot"));
  }

  /** The rules for a container. */
  public List<FieldRule> container() {
    return List.of(
        whenTrue(guest + " has no privileges; remove it", "securityContext.privileged"),
        whenGiven(guest + " has no capabilities; remove them", "securityContext.capabilities.add"),
        givenUser(),
        whenTrue(user, "securityContext.runAsNonRoot"),
        whenTrue(input, "stdin", "stdinOnce", "tty"),
        whenGiven(devices, "volumeDevices"),
        probe("livenessProbe"),
        probe("readinessProbe"),
        probe("startupProbe"),
        whenGiven(guest + " can run no second command; remove it", "lifecycle.postStart.exec",
        "lifecycle.preStop.exec"),
        this::mounts,
        this::resources,
        whenGiven(guest + " has no devices; remove them", "resources.claims"));
  }

  private FieldRule givenUser() {
    return whenGiven(
        user,
        "securityContext.runAsUser",
        "securityContext.runAsGroup",
        "securityContext.supplementalGroups",
        "securityContext.seLinuxOptions");
  }

  private FieldRule probe(String name) {
    return listens
        ? whenGiven(guest + " can run no second command, so the probe could never succeed; remove it", name + ".exec")
        : whenGiven(
            guest + " can run no second command and has no socket, so the probe could never succeed; remove it",
            name + ".exec", name + ".httpGet", name + ".tcpSocket", name + ".grpc");
  }

  private Optional<Refusal> mounts(String at, Map<?, ?> container) {
    List<?> mounts = list(container.get("volumeMounts"));
    for (int i = 0; i < mounts.size(); i++) {
      String field = at + ".volumeMounts[" + i + "]";
      if ("Enabled".equals(map(mounts.get(i)).get("recursiveReadOnly"))) {
        return Optional.of(Refusal.unsupported(
            field + ".recursiveReadOnly", "what " + guest
            + " sees of the host is no mount of the kernel's; remove it"));
      }
      Object propagation = map(mounts.get(i)).get("mountPropagation");
      if (propagation != null && !"None".equals(propagation)) {
        return Optional.of(Refusal.unsupported(
            field + ".mountPropagation", "what " + guest + " sees of the host is no mount of the kernel's; remove it"));
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> resources(String at, Map<?, ?> container) {
    Map<?, ?> resources = map(container.get("resources"));
    for (String kind : List.of("limits", "requests")) {
      for (Object name : map(resources.get(kind)).keySet()) {
        if (name instanceof String resource && !RESOURCES.contains(resource)) {
          return Optional.of(
              Refusal.unsupported(at + ".resources." + kind + "." + resource, guest + " cannot use it; remove it"));
        }
      }
    }
    return Optional.empty();
  }
}

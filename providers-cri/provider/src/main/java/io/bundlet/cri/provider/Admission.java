package io.bundlet.cri.provider;

import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what a manifest asks of the runtime and this provider does not carry out. Security fields are read the safe
 * way round: those listed here are harmless, every other one is refused, so that none is ever ignored in silence.
 */
final class Admission {
  /** What nobody asked for: a field with this value may stay. */
  private static final Map<String, Object> HARMLESS_IN_CONTAINER = Map.of(
      "privileged", false,
      "runAsNonRoot", false,
      "readOnlyRootFilesystem", false,
      "allowPrivilegeEscalation", true,
      "procMount", "Default");
  private static final Map<String, Object> HARMLESS_IN_POD = Map.of(
      "runAsNonRoot", false,
      "supplementalGroupsPolicy", "Merge");
  /** Nothing is owned by a group of the pod's, so how it would be changed does not matter. */
  private static final Set<String> WITHOUT_EFFECT = Set.of("fsGroupChangePolicy", "seLinuxChangePolicy");

  private static final Map<String, Object> POD_FIELDS = Map.of(
      "hostPID", false,
      "hostIPC", false,
      "shareProcessNamespace", false,
      "hostUsers", true);
  private static final Map<String, Object> CONTAINER_FIELDS = Map.of("tty", false, "stdin", false, "stdinOnce", false);
  private static final List<String> CONTAINER_FIELDS_REFUSED = List.of("volumeDevices");
  private static final Map<String, Object> MOUNT_FIELDS =
      Map.of("mountPropagation", "None", "recursiveReadOnly", "Disabled");

  private Admission() {}

  static Optional<Refusal> check(PodRequest pod) {
    Map<?, ?> spec = map(pod.manifest().get("spec"));
    return onlyThese(spec, "spec", POD_FIELDS)
        .or(() -> security(spec, "spec", HARMLESS_IN_POD))
        .or(() -> containers(spec, "initContainers"))
        .or(() -> containers(spec, "containers"))
        .or(() -> containers(spec, "ephemeralContainers"));
  }

  private static Optional<Refusal> containers(Map<?, ?> spec, String kind) {
    int index = 0;
    for (Object element : list(spec.get(kind))) {
      String path = "spec." + kind + "[" + index++ + "]";
      Map<?, ?> container = map(element);
      Optional<Refusal> refusal = security(container, path, HARMLESS_IN_CONTAINER)
          .or(() -> onlyThese(container, path, CONTAINER_FIELDS))
          .or(() -> none(container, path, CONTAINER_FIELDS_REFUSED))
          .or(() -> none(map(container.get("lifecycle")), path + ".lifecycle", List.of("stopSignal")))
          .or(() -> mounts(container, path));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> mounts(Map<?, ?> container, String path) {
    int index = 0;
    for (Object mount : list(container.get("volumeMounts"))) {
      Optional<Refusal> refusal = onlyThese(map(mount), path + ".volumeMounts[" + index++ + "]", MOUNT_FIELDS);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> security(Map<?, ?> owner, String path, Map<String, Object> harmless) {
    String context = path + ".securityContext";
    for (Map.Entry<?, ?> field : map(owner.get("securityContext")).entrySet()) {
      String name = String.valueOf(field.getKey());
      Object value = field.getValue();
      boolean fine = value == null
          || WITHOUT_EFFECT.contains(name)
          || value.equals(harmless.get(name))
          || value instanceof Map<?, ?> nested && (nested.isEmpty() || profile(name, nested))
          || value instanceof Collection<?> elements && elements.isEmpty();
      if (!fine) {
        return refuse(context + "." + name, value);
      }
    }
    return Optional.empty();
  }

  /** All containers get the runtime's seccomp profile and no AppArmor profile; asking for just that is fine. */
  private static boolean profile(String name, Map<?, ?> profile) {
    return switch (name) {
      case "seccompProfile" -> profile.equals(Map.of("type", "RuntimeDefault"));
      case "appArmorProfile" -> profile.equals(Map.of("type", "Unconfined"));
      // lists of nothing
      case "capabilities" -> profile.values().stream()
          .allMatch(list -> list == null || list instanceof Collection<?> elements && elements.isEmpty());
      default -> false;
    };
  }

  private static Optional<Refusal> onlyThese(Map<?, ?> owner, String path, Map<String, Object> allowed) {
    return allowed.keySet().stream().sorted()
        .filter(name -> owner.get(name) != null && !owner.get(name).equals(allowed.get(name)))
        .findFirst().flatMap(name -> refuse(path + "." + name, owner.get(name)));
  }

  private static Optional<Refusal> none(Map<?, ?> owner, String path, List<String> names) {
    return names.stream()
        .filter(name -> owner.get(name) != null)
        .filter(name -> !List.of().equals(owner.get(name)) && !Map.of().equals(owner.get(name)))
        .findFirst().flatMap(name -> refuse(path + "." + name, owner.get(name)));
  }

  private static Optional<Refusal> refuse(String field, Object value) {
    String shown = value instanceof Map || value instanceof Collection ? "" : ": " + value;
    return Optional.of(Refusal.unsupported(field, field + shown
        + " is not supported for containers on this node; take the field out of the manifest"));
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}

package io.bundlet.cri.provider;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what a manifest asks of the runtime and this provider does not carry out, and what contradicts itself.
 * Security fields are read the safe way round: those listed here are carried out or harmless, every other one is
 * refused, so that none is ever ignored in silence.
 */
final class Admission {
  static final String RECURSIVE_READ_ONLY = "recursiveReadOnlyMounts";

  private static final Set<String> CARRIED_OUT_IN_CONTAINER = Set.of("privileged", "runAsUser", "runAsGroup",
      "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "capabilities", "seccompProfile");
  private static final Set<String> CARRIED_OUT_IN_POD = Set.of("runAsUser", "runAsGroup", "runAsNonRoot", "fsGroup",
      "supplementalGroups", "seccompProfile", "fsGroupChangePolicy", "seLinuxChangePolicy");
  /** Checked apart. */
  private static final Set<String> CHECKED = Set.of("sysctls", "appArmorProfile", "procMount");
  private static final Map<String, Object> HARMLESS_IN_POD = Map.of("supplementalGroupsPolicy", "Merge");

  private static final String SYS_ADMIN = "SYS_ADMIN";

  private final Sysctls sysctls;
  private final boolean appArmor;

  /** @param appArmor whether the kernel has it */
  Admission(Sysctls sysctls, boolean appArmor) {
    this.sysctls = sysctls;
    this.appArmor = appArmor;
  }

  /** Why this pod cannot be run. @param features what the runtime can do for the pod's handler */
  Optional<Refusal> check(PodRequest pod, Collection<String> features) {
    Map<?, ?> spec = map(pod.manifest().get("spec"));
    return namespaces(spec)
        .or(() -> security(spec, "spec", CARRIED_OUT_IN_POD, HARMLESS_IN_POD))
        .or(() -> sysctls.refused(spec, list(map(spec.get("securityContext")).get("sysctls"))))
        .or(() -> containers(spec, "initContainers", features))
        .or(() -> containers(spec, "containers", features))
        .or(() -> containers(spec, "ephemeralContainers", features));
  }

  private static Optional<Refusal> namespaces(Map<?, ?> spec) {
    if (Boolean.FALSE.equals(spec.get("hostUsers"))) {
      return refuse("spec.hostUsers", false);
    }
    return Boolean.TRUE.equals(spec.get("hostPID")) && Boolean.TRUE.equals(spec.get("shareProcessNamespace"))
        ? contradiction("spec.shareProcessNamespace", "cannot be true together with hostPID")
        : Optional.empty();
  }

  private Optional<Refusal> containers(Map<?, ?> spec, String kind, Collection<String> features) {
    int index = 0;
    for (Object element : list(spec.get(kind))) {
      String path = "spec." + kind + "[" + index++ + "]";
      Map<?, ?> container = map(element);
      Optional<Refusal> refusal = security(container, path, CARRIED_OUT_IN_CONTAINER, Map.of())
          .or(() -> contradictions(map(container.get("securityContext")), path + ".securityContext"))
          .or(() -> given(container, path, "volumeDevices"))
          .or(() -> stopSignal(map(container.get("lifecycle")).get("stopSignal"), path + ".lifecycle.stopSignal"))
          .or(() -> mounts(container, path, features));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> contradictions(Map<?, ?> context, String path) {
    if (!Boolean.FALSE.equals(context.get("allowPrivilegeEscalation"))) {
      return Optional.empty();
    }
    String field = path + ".allowPrivilegeEscalation";
    if (Boolean.TRUE.equals(context.get("privileged"))) {
      return contradiction(field, "cannot be false for a privileged container");
    }
    boolean admin = list(map(context.get("capabilities")).get("add")).stream()
        .anyMatch(name -> String.valueOf(name).toUpperCase(java.util.Locale.ROOT).endsWith(SYS_ADMIN));
    return admin ? contradiction(field, "cannot be false for a container with the capability " + SYS_ADMIN)
        : Optional.empty();
  }

  /** Whether the runtime knows signals is seen when the container is made. */
  private static Optional<Refusal> stopSignal(Object name, String field) {
    return name == null || StopSignals.of(name.toString()).isPresent() ? Optional.empty()
        : contradiction(field, "is no signal: " + name);
  }

  private static Optional<Refusal> mounts(Map<?, ?> container, String path, Collection<String> features) {
    boolean privileged = Boolean.TRUE.equals(map(container.get("securityContext")).get("privileged"));
    int index = 0;
    for (Object element : list(container.get("volumeMounts"))) {
      Map<?, ?> mount = map(element);
      String at = path + ".volumeMounts[" + index++ + "]";
      Object propagation = mount.get("mountPropagation");
      Object recursive = mount.get("recursiveReadOnly");
      if (Mount.BIDIRECTIONAL.equals(propagation) && !privileged) {
        return contradiction(at + ".mountPropagation", "Bidirectional is for privileged containers only");
      }
      if (Mount.ENABLED.equals(recursive) && !features.contains(RECURSIVE_READ_ONLY)) {
        return refuse(at + ".recursiveReadOnly", recursive);
      }
      if (recursive != null && !Mount.DISABLED.equals(recursive) && !Boolean.TRUE.equals(mount.get("readOnly"))) {
        return contradiction(at + ".recursiveReadOnly", "is for mounts with readOnly: true");
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> security(
      Map<?, ?> owner, String path, Set<String> carriedOut, Map<String, Object> harmless) {
    String context = path + ".securityContext";
    for (Map.Entry<?, ?> field : map(owner.get("securityContext")).entrySet()) {
      String name = String.valueOf(field.getKey());
      Object value = field.getValue();
      boolean fine = value == null
          || carriedOut.contains(name)
          || CHECKED.contains(name) && can(name, value)
          || value.equals(harmless.get(name))
          || value instanceof Map<?, ?> nested && nested.isEmpty()
          || value instanceof Collection<?> elements && elements.isEmpty();
      if (!fine) {
        return refuse(context + "." + name, value);
      }
    }
    return Optional.empty();
  }

  private boolean can(String name, Object value) {
    return switch (name) {
      case "appArmorProfile" -> appArmor || "Unconfined".equals(map(value).get("type"));
      case "procMount" -> Set.<Object>of("Default", "Unmasked").contains(value);
      default -> true;
    };
  }

  private static Optional<Refusal> given(Map<?, ?> owner, String path, String name) {
    Object value = owner.get(name);
    return value == null || List.of().equals(value) || Map.of().equals(value)
        ? Optional.empty() : refuse(path + "." + name, value);
  }

  private static Optional<Refusal> refuse(String field, Object value) {
    String shown = value instanceof Map || value instanceof Collection ? "" : ": " + value;
    return Optional.of(Refusal.unsupported(field, field + shown
        + " is not supported for containers on this node; take the field out of the manifest"));
  }

  private static Optional<Refusal> contradiction(String field, String why) {
    return Optional.of(new Refusal(field, "UnexpectedAdmissionError", field + " " + why));
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}

package io.bundlet.wasi;

import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which pods cannot be run as they ask. A field that would be ignored is harmless or is refused, never ignored in
 * silence: a guest that was to run as somebody else must not write to a host's directory as the node.
 */
final class Admission {
  private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

  private Admission() {}

  static Optional<Refusal> admit(PodRequest pod) {
    Map<?, ?> spec = map(pod.manifest().get("spec"));
    return pod(spec)
        .or(() -> containers(spec, "initContainers"))
        .or(() -> containers(spec, "containers"))
        .or(() -> containers(spec, "ephemeralContainers"));
  }

  private static Optional<Refusal> pod(Map<?, ?> spec) {
    for (String field : List.of("hostPID", "hostIPC", "shareProcessNamespace")) {
      if (yes(spec.get(field))) {
        return refuse("spec." + field, "a WASI guest is no process and shares no namespace of processes; remove it");
      }
    }
    if (Boolean.FALSE.equals(spec.get("hostUsers"))) {
      return refuse("spec.hostUsers", "a WASI guest has no user namespace; remove it");
    }
    Map<?, ?> security = map(spec.get("securityContext"));
    if (!list(security.get("sysctls")).isEmpty()) {
      return refuse("spec.securityContext.sysctls", "a WASI guest has no kernel settings of its own; remove them");
    }
    return security("spec.securityContext", security);
  }

  private static Optional<Refusal> containers(Map<?, ?> spec, String kind) {
    List<?> containers = list(spec.get(kind));
    for (int i = 0; i < containers.size(); i++) {
      Optional<Refusal> refusal = container("spec." + kind + "[" + i + "]", map(containers.get(i)));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> container(String at, Map<?, ?> container) {
    Map<?, ?> security = map(container.get("securityContext"));
    if (yes(security.get("privileged"))) {
      return refuse(at + ".securityContext.privileged", "a WASI guest has no privileges; remove it");
    }
    if (!list(map(security.get("capabilities")).get("add")).isEmpty()) {
      return refuse(at + ".securityContext.capabilities.add", "a WASI guest has no capabilities; remove them");
    }
    return security(at + ".securityContext", security)
        .or(() -> streams(at, container))
        .or(() -> probes(at, container))
        .or(() -> hooks(at, container))
        .or(() -> resources(at, container));
  }

  private static Optional<Refusal> security(String at, Map<?, ?> security) {
    for (String field : List.of("runAsUser", "runAsGroup", "supplementalGroups", "seLinuxOptions")) {
      Object value = security.get(field);
      if (value != null && !List.of().equals(value)) {
        return refuse(at + "." + field, "a WASI guest uses files as the node's own user; remove it");
      }
    }
    return yes(security.get("runAsNonRoot"))
        ? refuse(at + ".runAsNonRoot", "a WASI guest uses files as the node's own user; remove it")
        : Optional.empty();
  }

  private static Optional<Refusal> streams(String at, Map<?, ?> container) {
    for (String field : List.of("stdin", "stdinOnce", "tty")) {
      if (yes(container.get(field))) {
        return refuse(at + "." + field, "a WASI guest's standard input is empty; remove it");
      }
    }
    return list(container.get("volumeDevices")).isEmpty()
        ? Optional.empty()
        : refuse(at + ".volumeDevices", "a WASI guest has no devices; mount a directory instead");
  }

  private static Optional<Refusal> probes(String at, Map<?, ?> container) {
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      Map<?, ?> handler = map(container.get(probe));
      for (String kind : List.of("exec", "httpGet", "tcpSocket", "grpc")) {
        if (handler.get(kind) != null) {
          return refuse(
              at + "." + probe + "." + kind,
              "a WASI guest can run no second command and has no socket, so the probe could never succeed; remove it");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> hooks(String at, Map<?, ?> container) {
    for (String hook : List.of("postStart", "preStop")) {
      Map<?, ?> handler = map(map(container.get("lifecycle")).get(hook));
      if (handler.get("exec") != null) {
        return refuse(at + ".lifecycle." + hook + ".exec", "a WASI guest can run no second command; remove it");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> resources(String at, Map<?, ?> container) {
    Map<?, ?> resources = map(container.get("resources"));
    for (String kind : List.of("limits", "requests")) {
      for (Object name : map(resources.get(kind)).keySet()) {
        if (name instanceof String resource && !RESOURCES.contains(resource)) {
          return refuse(at + ".resources." + kind + "." + resource, "a WASI guest cannot use it; remove it");
        }
      }
    }
    return list(resources.get("claims")).isEmpty()
        ? Optional.empty()
        : refuse(at + ".resources.claims", "a WASI guest has no devices; remove them");
  }

  private static Optional<Refusal> refuse(String field, String message) {
    return Optional.of(Refusal.unsupported(field, message));
  }

  private static boolean yes(Object value) {
    return Boolean.TRUE.equals(value);
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}

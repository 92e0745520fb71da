package io.bundlet.wascc.provider;

import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which pods cannot be run as they ask. A field that would be ignored is harmless or is refused, never ignored in silence.
 */
final class Admission {
  private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

  private Admission() {}

  static Optional<Refusal> admit(PodRequest pod) {
    Map<?, ?> spec = map(pod.manifest().get("spec"));
    return pod(spec)
        .or(() -> list(spec.get("initContainers")).isEmpty()
            ? Optional.empty()
            : refuse("spec.initContainers", "an actor never ends by itself, so the pod would never start; remove them"))
        .or(() -> containers(spec, "containers"))
        .or(() -> containers(spec, "ephemeralContainers"));
  }

  private static Optional<Refusal> pod(Map<?, ?> spec) {
    for (String field : List.of("hostPID", "hostIPC", "shareProcessNamespace")) {
      if (yes(spec.get(field))) {
        return refuse("spec." + field, "an actor is no process and shares no namespace of processes; remove it");
      }
    }
    if (Boolean.FALSE.equals(spec.get("hostUsers"))) {
      return refuse("spec.hostUsers", "an actor has no user namespace; remove it");
    }
    Map<?, ?> security = map(spec.get("securityContext"));
    if (!list(security.get("sysctls")).isEmpty()) {
      return refuse("spec.securityContext.sysctls", "an actor has no kernel settings of its own; remove them");
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
      return refuse(at + ".securityContext.privileged", "an actor has no privileges; remove it");
    }
    if (!list(map(security.get("capabilities")).get("add")).isEmpty()) {
      return refuse(at + ".securityContext.capabilities.add", "an actor has no capabilities; remove them");
    }
    return security(at + ".securityContext", security)
        .or(() -> program(at, container))
        .or(() -> ports(at, container))
        .or(() -> streams(at, container))
        .or(() -> probes(at, container))
        .or(() -> hooks(at, container))
        .or(() -> resources(at, container));
  }

  private static Optional<Refusal> security(String at, Map<?, ?> security) {
    for (String field : List.of("runAsUser", "runAsGroup", "supplementalGroups", "seLinuxOptions")) {
      Object value = security.get(field);
      if (value != null && !List.of().equals(value)) {
        return refuse(at + "." + field, "an actor is no process and has no user; remove it");
      }
    }
    return yes(security.get("runAsNonRoot"))
        ? refuse(at + ".runAsNonRoot", "an actor is no process and has no user; remove it")
        : Optional.empty();
  }

  private static Optional<Refusal> program(String at, Map<?, ?> container) {
    for (String field : List.of("command", "args", "env", "envFrom", "workingDir", "volumeMounts")) {
      Object value = container.get(field);
      if (value != null && !List.of().equals(value) && !"".equals(value)) {
        return refuse(at + "." + field, "an actor has no arguments, environment or files; remove it");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> ports(String at, Map<?, ?> container) {
    List<?> ports = list(container.get("ports"));
    boolean line = false;
    for (int i = 0; i < ports.size(); i++) {
      Map<?, ?> port = map(ports.get(i));
      String field = at + ".ports[" + i + "]";
      if (!Translation.LINE.equals(port.get("name"))) {
        continue;
      }
      if (line) {
        return refuse(field + ".name", "an actor has one port of the name line; remove the others");
      }
      line = true;
      Object protocol = port.get("protocol");
      if (protocol != null && !"TCP".equals(protocol)) {
        return refuse(field + ".protocol", "lines come over TCP; use that");
      }
      Object hostPort = port.get("hostPort");
      if (hostPort instanceof Number there && there.intValue() != 0
          && !(port.get("containerPort") instanceof Number own && own.intValue() == there.intValue())) {
        return refuse(field + ".hostPort", "an actor's port is the host's; give hostPort the same number or remove it");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> streams(String at, Map<?, ?> container) {
    for (String field : List.of("stdin", "stdinOnce", "tty")) {
      if (yes(container.get(field))) {
        return refuse(at + "." + field, "an actor has no standard input; remove it");
      }
    }
    return list(container.get("volumeDevices")).isEmpty()
        ? Optional.empty()
        : refuse(at + ".volumeDevices", "an actor has no devices; remove them");
  }

  private static Optional<Refusal> probes(String at, Map<?, ?> container) {
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      Map<?, ?> handler = map(container.get(probe));
      for (String kind : List.of("exec", "httpGet", "tcpSocket", "grpc")) {
        if (handler.get(kind) != null) {
          return refuse(
              at + "." + probe + "." + kind,
              "an actor can run no second command and has no socket, so the probe could never succeed; remove it");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> hooks(String at, Map<?, ?> container) {
    for (String hook : List.of("postStart", "preStop")) {
      Map<?, ?> handler = map(map(container.get("lifecycle")).get(hook));
      if (handler.get("exec") != null) {
        return refuse(at + ".lifecycle." + hook + ".exec", "an actor can run no second command; remove it");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> resources(String at, Map<?, ?> container) {
    Map<?, ?> resources = map(container.get("resources"));
    for (String kind : List.of("limits", "requests")) {
      for (Object name : map(resources.get(kind)).keySet()) {
        if (name instanceof String resource && !RESOURCES.contains(resource)) {
          return refuse(at + ".resources." + kind + "." + resource, "an actor cannot use it; remove it");
        }
      }
    }
    return list(resources.get("claims")).isEmpty()
        ? Optional.empty()
        : refuse(at + ".resources.claims", "an actor has no devices; remove them");
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

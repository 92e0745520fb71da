package io.bundlet.cri.provider;

import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which settings of the kernel a pod may have: those that are the pod's own by its namespaces, and that cannot harm
 * others. The safe ones are those of Kubernetes 1.36; an administrator may allow more of those that have a namespace.
 */
final class Sysctls {
  static final String FORBIDDEN = "SysctlForbidden";

  private static final Set<String> SAFE = Set.of(
      "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
      "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
      "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
      "net.ipv4.tcp_wmem");
  private static final String NETWORK = "net.";
  private static final List<String> OF_IPC = List.of("kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue.");

  private final List<String> allowed;

  /** @param allowed names beside the safe ones; one that ends with a star stands for all that begin like it */
  Sysctls(String... allowed) {
    this.allowed = List.of(allowed).stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
  }

  /** Why a pod may not have what its {@code spec.securityContext.sysctls} say. */
  Optional<Refusal> refused(Map<?, ?> spec, List<?> sysctls) {
    for (int i = 0; i < sysctls.size(); i++) {
      Object written = sysctls.get(i) instanceof Map<?, ?> map ? map.get("name") : null;
      String name = String.valueOf(written).replace('/', '.');
      Optional<String> why = why(spec, name);
      if (why.isPresent()) {
        return Optional.of(new Refusal(
            "spec.securityContext.sysctls[" + i + "].name", FORBIDDEN,
            "forbidden sysctl: \"" + Failures.bounded(name) + "\" " + why.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> why(Map<?, ?> spec, String name) {
    boolean ofNetwork = name.startsWith(NETWORK);
    boolean ofIpc = OF_IPC.stream().anyMatch(name::startsWith);
    if (!ofNetwork && !ofIpc) {
      return Optional.of("is no pod's own: it would be changed for the whole host");
    }
    if (ofNetwork && Boolean.TRUE.equals(spec.get("hostNetwork"))) {
      return Optional.of("not allowed with host net enabled");
    }
    if (ofIpc && Boolean.TRUE.equals(spec.get("hostIPC"))) {
      return Optional.of("not allowed with host ipc enabled");
    }
    if (SAFE.contains(name) || allowed.stream().anyMatch(pattern -> matches(pattern, name))) {
      return Optional.empty();
    }
    return Optional.of("not allowlisted; an administrator allows it by allowed.unsafe.sysctls of the CRI provider");
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern);
  }
}

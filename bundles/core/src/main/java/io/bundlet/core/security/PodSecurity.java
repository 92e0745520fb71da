package io.bundlet.core.security;

import io.bundlet.api.runtime.Namespaces;
import io.bundlet.api.runtime.SandboxSecurity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a pod as a whole says of its security. */
public final class PodSecurity {
  private PodSecurity() {}

  /** Which of the host's namespaces it shares, beside the network's. */
  public static Namespaces namespaces(PodSpec spec) {
    boolean hostPid = Boolean.TRUE.equals(spec.getHostPID());
    return new Namespaces(
        hostPid, Boolean.TRUE.equals(spec.getHostIPC()),
        !hostPid && Boolean.TRUE.equals(spec.getShareProcessNamespace()));
  }

  /** What the runtime is told of the sandbox. */
  public static SandboxSecurity sandbox(PodSpec spec) {
    PodSecurityContext of = context(spec);
    OptionalLong user = number(of.getRunAsUser());
    return SandboxSecurity.of()
        .privileged(contexts(spec).anyMatch(one -> Boolean.TRUE.equals(one.getPrivileged())))
        .user(user)
        // runtimes refuse a group without a user
        .group(user.isPresent() ? number(of.getRunAsGroup()) : OptionalLong.empty())
        .supplementalGroups(groups(spec))
        .build();
  }

  /** The settings of the kernel that it wants; the last one of a name counts. */
  public static Map<String, String> sysctls(PodSpec spec) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    for (Sysctl sysctl : context(spec).getSysctls()) {
      sysctls.put(Objects.toString(sysctl.getName(), ""), Objects.toString(sysctl.getValue(), ""));
    }
    return sysctls;
  }

  /** The groups of all its containers beside their primary ones: that of its volumes first. */
  static List<Long> groups(PodSpec spec) {
    List<Long> groups = new ArrayList<>();
    PodSecurityContext of = context(spec);
    if (of.getFsGroup() != null) {
      groups.add(of.getFsGroup());
    }
    groups.addAll(of.getSupplementalGroups());
    return groups;
  }

  static PodSecurityContext context(PodSpec spec) {
    return Objects.requireNonNullElseGet(spec.getSecurityContext(), PodSecurityContext::new);
  }

  static OptionalLong number(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static Stream<SecurityContext> contexts(PodSpec spec) {
    return Stream.of(
            spec.getInitContainers().stream().map(Container::getSecurityContext),
            spec.getContainers().stream().map(Container::getSecurityContext),
            spec.getEphemeralContainers().stream().map(EphemeralContainer::getSecurityContext))
        .flatMap(each -> each).filter(Objects::nonNull);
  }
}

package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerSecurity;
import io.bundlet.api.runtime.Namespaces;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxSecurity;
import io.bundlet.cri.protocol.Capability;
import io.bundlet.cri.protocol.Int64Value;
import io.bundlet.cri.protocol.LinuxContainerSecurityContext;
import io.bundlet.cri.protocol.LinuxSandboxSecurityContext;
import io.bundlet.cri.protocol.NamespaceMode;
import io.bundlet.cri.protocol.NamespaceOption;
import io.bundlet.cri.protocol.SecurityProfile;
import java.util.List;
import java.util.Optional;

/** Says in the words of CRI as whom sandboxes and containers run and what they may do. */
final class Security {
  /** What other node agents hide from containers; asked for by name, because an empty list means "hide nothing". */
  private static final List<String> MASKED = List.of(
      "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
      "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private Security() {}

  static LinuxSandboxSecurityContext sandbox(SandboxConfig config) {
    SandboxSecurity security = config.security();
    LinuxSandboxSecurityContext.Builder context = LinuxSandboxSecurityContext.newBuilder()
        .setNamespaceOptions(namespaces(config))
        .setPrivileged(security.privileged())
        .addAllSupplementalGroups(security.supplementalGroups())
        .setSeccomp(profile(security.seccomp()));
    security.user().ifPresent(user -> context.setRunAsUser(number(user)));
    security.group().ifPresent(group -> context.setRunAsGroup(number(group)));
    return context.build();
  }

  /** @param target the container whose processes it shares, unless it sees them anyway */
  static LinuxContainerSecurityContext container(
      ContainerSecurity security, SandboxConfig sandbox, Optional<ContainerId> target) {
    LinuxContainerSecurityContext.Builder context = LinuxContainerSecurityContext.newBuilder()
        .setNamespaceOptions(namespaces(sandbox, target))
        .setPrivileged(security.privileged())
        .setRunAsUsername(security.userName())
        .addAllSupplementalGroups(security.supplementalGroups())
        .setReadonlyRootfs(security.readOnlyRoot())
        .setNoNewPrivs(security.noNewPrivileges())
        .setSeccomp(profile(security.seccomp()));
    security.user().ifPresent(user -> context.setRunAsUser(number(user)));
    security.group().ifPresent(group -> context.setRunAsGroup(number(group)));
    if (!security.addedCapabilities().isEmpty() || !security.droppedCapabilities().isEmpty()) {
      context.setCapabilities(Capability.newBuilder()
          .addAllAddCapabilities(security.addedCapabilities()).addAllDropCapabilities(security.droppedCapabilities()));
    }
    if (!security.privileged() && !security.unmaskedProc()) {
      context.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
    }
    if (AppArmor.here()) {
      security.appArmor().ifPresent(profile -> context.setApparmor(profile(profile)));
    }
    return context.build();
  }

  private static NamespaceOption namespaces(SandboxConfig config, Optional<ContainerId> target) {
    NamespaceOption shared = namespaces(config);
    return target.isPresent() && shared.getPid() == NamespaceMode.CONTAINER
        ? shared.toBuilder().setPid(NamespaceMode.TARGET).setTargetId(target.get().value()).build()
        : shared;
  }

  private static NamespaceOption namespaces(SandboxConfig config) {
    Namespaces shared = config.namespaces();
    NamespaceMode ownPid = shared.sharedPid() ? NamespaceMode.POD : NamespaceMode.CONTAINER;
    return NamespaceOption.newBuilder()
        .setNetwork(config.network().hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
        .setPid(shared.hostPid() ? NamespaceMode.NODE : ownPid)
        .setIpc(shared.hostIpc() ? NamespaceMode.NODE : NamespaceMode.POD)
        .build();
  }

  private static SecurityProfile profile(io.bundlet.api.runtime.SecurityProfile profile) {
    return SecurityProfile.newBuilder()
        .setProfileType(switch (profile.type()) {
          case io.bundlet.api.runtime.SecurityProfile.UNCONFINED -> SecurityProfile.ProfileType.Unconfined;
          case io.bundlet.api.runtime.SecurityProfile.LOCALHOST -> SecurityProfile.ProfileType.Localhost;
          default -> SecurityProfile.ProfileType.RuntimeDefault;
        })
        .setLocalhostRef(profile.localhost())
        .build();
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }
}

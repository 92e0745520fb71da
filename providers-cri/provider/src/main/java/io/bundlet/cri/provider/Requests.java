package io.bundlet.cri.provider;

import com.google.protobuf.ByteString;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.cri.protocol.ContainerMetadata;
import io.bundlet.cri.protocol.DNSConfig;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.KeyValue;
import io.bundlet.cri.protocol.LinuxContainerConfig;
import io.bundlet.cri.protocol.LinuxContainerResources;
import io.bundlet.cri.protocol.LinuxContainerSecurityContext;
import io.bundlet.cri.protocol.LinuxPodSandboxConfig;
import io.bundlet.cri.protocol.LinuxSandboxSecurityContext;
import io.bundlet.cri.protocol.Mount;
import io.bundlet.cri.protocol.NamespaceMode;
import io.bundlet.cri.protocol.NamespaceOption;
import io.bundlet.cri.protocol.PodSandboxConfig;
import io.bundlet.cri.protocol.PodSandboxMetadata;
import io.bundlet.cri.protocol.PortMapping;
import io.bundlet.cri.protocol.Protocol;
import io.bundlet.cri.protocol.SecurityProfile;
import java.util.List;
import java.util.Map;

/** Says in the words of CRI what the core asks for. */
final class Requests {
  private static final long CPU_PERIOD_MICROS = 100_000;
  private static final SecurityProfile RUNTIME_DEFAULT = SecurityProfile.newBuilder()
      .setProfileType(SecurityProfile.ProfileType.RuntimeDefault).build();
  /** What other node agents hide from containers; asked for by name, because an empty list means "hide nothing". */
  private static final List<String> MASKED = List.of(
      "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
      "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private Requests() {}

  static PodSandboxConfig sandbox(SandboxConfig config) {
    PodId pod = config.pod();
    boolean hostNetwork = config.network().hostNetwork();
    PodSandboxConfig.Builder sandbox = PodSandboxConfig.newBuilder()
        .setMetadata(PodSandboxMetadata.newBuilder()
            .setName(pod.name()).setNamespace(pod.namespace()).setUid(pod.uid()).setAttempt(config.attempt()))
        // a pod in the host's network has the host's name; runtimes refuse to set another
        .setHostname(hostNetwork ? "" : config.hostname())
        .setLogDirectory(config.logDirectory().toString())
        .putAllLabels(Labels.of(config.labels(), pod, config.owner()))
        .putAllAnnotations(config.annotations())
        .setLinux(LinuxPodSandboxConfig.newBuilder()
            .setCgroupParent(config.cgroupParent())
            .setResources(resources(config.resources()))
            .setSecurityContext(LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(hostNetwork))
                .setSeccomp(RUNTIME_DEFAULT)));
    config.dns().ifPresent(dns -> sandbox.setDnsConfig(DNSConfig.newBuilder()
        .addAllServers(dns.servers()).addAllSearches(dns.searches()).addAllOptions(dns.options())));
    if (!hostNetwork) {
      config.ports().forEach(port -> sandbox.addPortMappings(portMapping(port)));
    }
    return sandbox.build();
  }

  static io.bundlet.cri.protocol.ContainerConfig container(ContainerConfig config, SandboxConfig sandbox) {
    Map<String, String> labels = Labels.of(config.labels(), sandbox.pod(), sandbox.owner());
    labels.put(Labels.CONTAINER_NAME, config.name());
    io.bundlet.cri.protocol.ContainerConfig.Builder container = io.bundlet.cri.protocol.ContainerConfig.newBuilder()
        .setMetadata(ContainerMetadata.newBuilder().setName(config.name()).setAttempt(config.attempt()))
        .setImage(image(config.image().id(), config.image().reference()))
        .addAllCommand(config.command())
        .addAllArgs(config.args())
        .setWorkingDir(config.workingDir())
        .putAllLabels(labels)
        .putAllAnnotations(config.annotations())
        .setLogPath(config.logPath())
        .setLinux(LinuxContainerConfig.newBuilder()
            .setResources(resources(config.resources()).toBuilder().setOomScoreAdj(config.oomScoreAdj()))
            .setSecurityContext(LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(sandbox.network().hostNetwork()))
                .addAllMaskedPaths(MASKED)
                .addAllReadonlyPaths(READ_ONLY)
                .setSeccomp(RUNTIME_DEFAULT)));
    config.env().forEach((name, value) ->
        container.addEnvs(KeyValue.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value))));
    config.mounts().forEach(mount -> container.addMounts(Mount.newBuilder()
        .setContainerPath(mount.containerPath())
        .setHostPath(mount.hostPath().toString())
        .setReadonly(mount.readOnly())));
    return container.build();
  }

  static ImageSpec image(String id, String reference) {
    return ImageSpec.newBuilder().setImage(id).setUserSpecifiedImage(reference).build();
  }

  /** CPU shares and quota as the kernel counts them; the bounds are those of the kernel. */
  static LinuxContainerResources resources(Resources resources) {
    long wanted = resources.cpuRequestMillis() > 0 ? resources.cpuRequestMillis() : resources.cpuLimitMillis();
    LinuxContainerResources.Builder linux = LinuxContainerResources.newBuilder()
        .setCpuShares(Math.clamp(wanted * 1024 / 1000, 2, 262_144))
        .setMemoryLimitInBytes(resources.memoryLimitBytes());
    if (resources.cpuLimitMillis() > 0) {
      linux.setCpuPeriod(CPU_PERIOD_MICROS)
          .setCpuQuota(Math.max(1000, resources.cpuLimitMillis() * CPU_PERIOD_MICROS / 1000));
    }
    return linux.build();
  }

  private static NamespaceOption namespaces(boolean hostNetwork) {
    return NamespaceOption.newBuilder()
        .setNetwork(hostNetwork ? NamespaceMode.NODE : NamespaceMode.POD)
        .setPid(NamespaceMode.CONTAINER)
        .setIpc(NamespaceMode.POD)
        .build();
  }

  private static PortMapping portMapping(Port port) {
    return PortMapping.newBuilder()
        .setContainerPort(port.containerPort())
        .setHostPort(port.hostPort())
        .setHostIp(port.hostIp())
        .setProtocol(switch (port.protocol()) {
          case "UDP" -> Protocol.UDP;
          case "SCTP" -> Protocol.SCTP;
          default -> Protocol.TCP;
        })
        .build();
  }
}

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
import io.bundlet.cri.protocol.LinuxPodSandboxConfig;
import io.bundlet.cri.protocol.Mount;
import io.bundlet.cri.protocol.MountPropagation;
import io.bundlet.cri.protocol.PodSandboxConfig;
import io.bundlet.cri.protocol.PodSandboxMetadata;
import io.bundlet.cri.protocol.PortMapping;
import io.bundlet.cri.protocol.Protocol;
import io.bundlet.cri.protocol.Signal;
import java.util.Collection;
import java.util.Map;

/** Says in the words of CRI what the core asks for. */
final class Requests {
  private static final long CPU_PERIOD_MICROS = 100_000;

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
            .putAllSysctls(config.sysctls())
            .setSecurityContext(Security.sandbox(config)));
    config.dns().ifPresent(dns -> sandbox.setDnsConfig(DNSConfig.newBuilder()
        .addAllServers(dns.servers()).addAllSearches(dns.searches()).addAllOptions(dns.options())));
    if (!hostNetwork) {
      config.ports().forEach(port -> sandbox.addPortMappings(portMapping(port)));
    }
    return sandbox.build();
  }

  /** @param features what the runtime can do for the sandbox's handler */
  static io.bundlet.cri.protocol.ContainerConfig container(
      ContainerConfig config, SandboxConfig sandbox, Collection<String> features) {
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
        .setStopSignal(StopSignals.of(config.stopSignal()).orElse(Signal.RUNTIME_DEFAULT))
        .setTty(config.terminal().tty())
        .setStdin(config.terminal().stdin())
        .setStdinOnce(config.terminal().stdinOnce())
        .setLinux(LinuxContainerConfig.newBuilder()
            .setResources(resources(config.resources()).toBuilder()
                .setOomScoreAdj(config.oomScoreAdj()).putAllUnified(UnifiedGroups.forContainers()))
            .setSecurityContext(Security.container(config.security(), sandbox, config.target())));
    config.env().forEach((name, value) ->
        container.addEnvs(KeyValue.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value))));
    config.mounts().forEach(mount -> container.addMounts(mount(mount, features)));
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

  private static Mount mount(io.bundlet.api.runtime.Mount mount, Collection<String> features) {
    boolean recursive = mount.recursive().equals(io.bundlet.api.runtime.Mount.ENABLED)
        || mount.recursive().equals(io.bundlet.api.runtime.Mount.IF_POSSIBLE)
            && features.contains(Admission.RECURSIVE_READ_ONLY);
    return Mount.newBuilder()
        .setContainerPath(mount.containerPath())
        .setHostPath(mount.hostPath().toString())
        .setReadonly(mount.readOnly())
        .setRecursiveReadOnly(mount.readOnly() && recursive)
        .setPropagation(switch (mount.propagation()) {
          case io.bundlet.api.runtime.Mount.HOST_TO_CONTAINER -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
          case io.bundlet.api.runtime.Mount.BIDIRECTIONAL -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
          default -> MountPropagation.PROPAGATION_PRIVATE;
        })
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

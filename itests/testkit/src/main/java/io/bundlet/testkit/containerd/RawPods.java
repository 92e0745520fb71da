package io.bundlet.testkit.containerd;

import io.bundlet.cri.protocol.ContainerConfig;
import io.bundlet.cri.protocol.ContainerMetadata;
import io.bundlet.cri.protocol.CreateContainerRequest;
import io.bundlet.cri.protocol.DNSConfig;
import io.bundlet.cri.protocol.ImageSpec;
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
import io.bundlet.cri.protocol.RemovePodSandboxRequest;
import io.bundlet.cri.protocol.RunPodSandboxRequest;
import io.bundlet.cri.protocol.SecurityProfile;
import io.bundlet.cri.protocol.StartContainerRequest;
import io.bundlet.cri.protocol.StopPodSandboxRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs pods by bare CRI calls: what any node agent's start of a container is to be measured against. They ask for what
 * an agent asks for of a pod without wishes, all of which costs runc time: the least share of the processors, in which
 * its own work is done, too, the runtime's filter of system calls, the masked files of {@code /proc}, name servers, a
 * file of hosts and one for the container's last words.
 */
public final class RawPods {
  private static final LinuxContainerResources LEAST =
      LinuxContainerResources.newBuilder().setCpuShares(2).setOomScoreAdj(1000).build();
  private static final SecurityProfile FILTER = SecurityProfile.newBuilder()
      .setProfileType(SecurityProfile.ProfileType.RuntimeDefault).build();

  private static final List<String> MASKED = List.of(
      "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
      "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final CriClient client;
  private final Path logs;
  private final boolean hostNetwork;
  private final Map<String, String> labels;

  /**
   * Runs pods in one runtime.
   *
   * @param logs a directory for the containers' output
   * @param hostNetwork whether the pods share the host's network, which saves the time of the network plugins
   */
  public RawPods(CriClient client, Path logs, boolean hostNetwork) {
    this(client, logs, hostNetwork, Map.of());
  }

  /** The same. @param labels of sandboxes and containers, as of the pods of somebody else */
  public RawPods(CriClient client, Path logs, boolean hostNetwork, Map<String, String> labels) {
    this.client = client;
    this.logs = logs;
    this.hostNetwork = hostNetwork;
    this.labels = labels;
  }

  /** A pod that was made. */
  public record Started(String sandbox, String container) {}

  /** Makes a pod with one container and starts it; returns when the runtime says that it runs. */
  public Started run(String image, List<String> command) throws IOException {
    return run(image, command, List.of());
  }

  /** The same with a directory of the host in the container. */
  public Started run(String image, List<String> command, Path directory, String inside) throws IOException {
    return run(image, command,
        List.of(Mount.newBuilder().setHostPath(directory.toString()).setContainerPath(inside).build()));
  }

  private Started run(String image, List<String> command, List<Mount> mounts) throws IOException {
    String name = "raw-" + UUID.randomUUID();
    NamespaceOption namespaces = NamespaceOption.newBuilder()
        .setNetwork(hostNetwork ? NamespaceMode.NODE : NamespaceMode.POD).setPid(NamespaceMode.CONTAINER).build();
    Path directory = Files.createDirectories(logs.resolve(name));
    PodSandboxConfig sandbox = PodSandboxConfig.newBuilder()
        .setMetadata(PodSandboxMetadata.newBuilder().setName(name).setNamespace("raw").setUid(name))
        .setHostname(hostNetwork ? "" : "raw")
        .setLogDirectory(directory.toString())
        .setDnsConfig(DNSConfig.newBuilder().addServers("192.0.2.53").addSearches("raw.test"))
        .putAllLabels(labels)
        .setLinux(LinuxPodSandboxConfig.newBuilder().setResources(LEAST).setSecurityContext(
            LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(namespaces).setSeccomp(FILTER)))
        .build();
    String sandboxId =
        client.runtime().runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(sandbox).build()).getPodSandboxId();
    String containerId = client.runtime().createContainer(CreateContainerRequest.newBuilder()
        .setPodSandboxId(sandboxId)
        .setSandboxConfig(sandbox)
        .setConfig(ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName("main"))
            .setImage(ImageSpec.newBuilder().setImage(image))
            .addAllCommand(command)
            .addAllMounts(mounts)
            .addMounts(file(directory, "/etc/hosts"))
            .addMounts(file(directory, "/dev/termination-log"))
            .putAllLabels(labels)
            .setLinux(LinuxContainerConfig.newBuilder().setResources(LEAST).setSecurityContext(
                LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(namespaces).setSeccomp(FILTER)
                    .addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY)))
            .setLogPath("main.log"))
        .build()).getContainerId();
    client.runtime().startContainer(StartContainerRequest.newBuilder().setContainerId(containerId).build());
    return new Started(sandboxId, containerId);
  }

  private static Mount file(Path directory, String inside) throws IOException {
    Path file = Files.createFile(directory.resolve(Path.of(inside).getFileName()));
    return Mount.newBuilder().setHostPath(file.toString()).setContainerPath(inside).build();
  }

  /** Stops and removes a pod. */
  public void remove(Started pod) {
    client.runtime().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(pod.sandbox()).build());
    client.runtime().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod.sandbox()).build());
  }

  /**
   * Prints how long a pod takes from the first call to its running, as quartiles in milliseconds.
   *
   * @param arguments a directory for a containerd; how many pods (10); {@code host} for the host's network
   */
  public static void main(String[] arguments) throws IOException {
    int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    boolean host = arguments.length > 2 && arguments[2].equals("host");
    try (Containerd containerd = Containerd.start(Path.of(arguments[0]))) {
      RawPods pods = new RawPods(containerd.client(), containerd.directory().resolve("logs"), host);
      long[] millis = new long[count];
      // the first one warms up both sides
      for (int round = -1; round < count; round++) {
        long begin = System.nanoTime();
        Started pod = pods.run(Containerd.BUSYBOX_IMAGE, List.of("/bin/sleep", "1000"));
        if (round >= 0) {
          millis[round] = (System.nanoTime() - begin) / 1_000_000;
        }
        pods.remove(pod);
      }
      Arrays.sort(millis);
      System.out.printf(
          "RunPodSandbox + CreateContainer + StartContainer, %d pods: %d / %d / %d ms (quartiles), %d to %d%n",
          count, millis[count / 4], millis[count / 2], millis[count * 3 / 4], millis[0], millis[count - 1]);
    }
  }
}

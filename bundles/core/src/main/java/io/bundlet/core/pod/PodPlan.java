package io.bundlet.core.pod;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodNetwork;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.core.container.ContainerPlan;
import io.bundlet.core.container.PullPolicy;
import io.bundlet.core.container.RestartPolicy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A pod's manifest, resolved into what providers and drivers are told. */
final class PodPlan {
  private static final int HOSTNAME_LENGTH = 63;
  private static final String WASM_ARCHITECTURE = "wasm32-";

  private final Pod pod;
  private final Path logDirectory;

  PodPlan(Pod pod, Path logs) {
    this.pod = pod;
    PodId id = id();
    this.logDirectory = logs.resolve(id.namespace() + "_" + id.name() + "_" + id.uid());
  }

  Pod pod() {
    return pod;
  }

  PodId id() {
    return new PodId(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), pod.getMetadata().getUid());
  }

  Path logDirectory() {
    return logDirectory;
  }

  RestartPolicy restartPolicy() {
    String policy = pod.getSpec().getRestartPolicy();
    return policy == null ? RestartPolicy.Always : RestartPolicy.valueOf(policy);
  }

  Duration grace() {
    Long seconds = pod.getSpec().getTerminationGracePeriodSeconds();
    return Duration.ofSeconds(seconds == null ? 30 : Math.max(1, seconds));
  }

  /**
   * The runtime handler that the manifest asks for: its runtime class, or what follows {@code wasm32-} in a toleration
   * of {@code kubernetes.io/arch}; empty when it asks for none.
   */
  String wantedHandler() {
    String runtimeClass = pod.getSpec().getRuntimeClassName();
    if (runtimeClass != null && !runtimeClass.isEmpty()) {
      return runtimeClass;
    }
    return pod.getSpec().getTolerations().stream()
        .filter(toleration -> "kubernetes.io/arch".equals(toleration.getKey()))
        .map(Toleration::getValue)
        .filter(Objects::nonNull)
        .filter(value -> value.startsWith(WASM_ARCHITECTURE))
        .map(value -> value.substring(WASM_ARCHITECTURE.length()))
        .findFirst()
        .orElse("");
  }

  List<Container> containers() {
    return pod.getSpec().getContainers();
  }

  List<Volume> volumes() {
    return pod.getSpec().getVolumes();
  }

  SandboxConfig sandbox(int attempt, Owner owner, String handler) {
    boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    return SandboxConfig.of(id(), attempt, owner, logDirectory)
        .handler(handler)
        .hostname(hostNetwork ? "" : hostname())
        .ports(containers().stream().flatMap(container -> ports(container).stream()).toList())
        .network(new PodNetwork(List.of(), hostNetwork))
        .resources(
            containers().stream().map(container -> resources(container.getResources())).reduce(PodPlan::sum)
                .orElse(Resources.NONE))
        .labels(orEmpty(pod.getMetadata().getLabels()))
        .annotations(orEmpty(pod.getMetadata().getAnnotations()))
        .build();
  }

  private String hostname() {
    String wanted = Optional.ofNullable(pod.getSpec().getHostname()).orElse(pod.getMetadata().getName());
    String cut = wanted.substring(0, Math.min(HOSTNAME_LENGTH, wanted.length()));
    return cut.replaceAll("[-.]+$", "");
  }

  /**
   * A container of the pod.
   *
   * @param volumes where each volume is on the host, when the container is made
   */
  ContainerPlan container(Container container, PodVolumes volumes) {
    String pull = container.getImagePullPolicy();
    return new ContainerPlan(
        container.getName(),
        container.getImage(),
        pull == null ? PullPolicy.IfNotPresent : PullPolicy.valueOf(pull),
        restartPolicy(),
        (attempt, image) -> config(container, volumes, attempt, image));
  }

  String logPath(String container, int attempt) {
    return container + "/" + attempt + ".log";
  }

  private ContainerConfig config(Container container, PodVolumes volumes, int attempt, ImageRef image)
      throws ProviderFailure {
    String logPath = logPath(container.getName(), attempt);
    try {
      Files.createDirectories(logDirectory.resolve(logPath).getParent());
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the log directory " + logDirectory + " cannot be made: " + failed, failed);
    }
    Map<String, String> env = new LinkedHashMap<>();
    container.getEnv().forEach(variable -> env.put(variable.getName(), Objects.toString(variable.getValue(), "")));
    List<Mount> mounts = new ArrayList<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      mounts.add(mount(mount, volumes));
    }
    return ContainerConfig.of(container.getName(), attempt, image, logPath)
        .command(container.getCommand())
        .args(container.getArgs())
        .workingDir(Objects.toString(container.getWorkingDir(), ""))
        .env(env)
        .mounts(mounts)
        .resources(resources(container.getResources()))
        .ports(ports(container))
        .build();
  }

  private static Mount mount(VolumeMount mount, PodVolumes volumes) throws ProviderFailure {
    return new Mount(
        mount.getMountPath(), volumes.where(mount.getName()), Boolean.TRUE.equals(mount.getReadOnly()));
  }

  private static List<Port> ports(Container container) {
    return container.getPorts().stream().map(PodPlan::port).toList();
  }

  private static Port port(ContainerPort port) {
    return new Port(
        Objects.toString(port.getName(), ""),
        port.getContainerPort(),
        Objects.requireNonNullElse(port.getHostPort(), 0),
        Objects.requireNonNullElse(port.getProtocol(), "TCP"),
        Objects.toString(port.getHostIP(), ""));
  }

  private static Resources resources(ResourceRequirements wanted) {
    if (wanted == null) {
      return Resources.NONE;
    }
    return new Resources(
        millis(wanted.getRequests(), "cpu"),
        millis(wanted.getLimits(), "cpu"),
        bytes(wanted.getRequests(), "memory"),
        bytes(wanted.getLimits(), "memory"));
  }

  private static long millis(Map<String, Quantity> of, String resource) {
    return amount(of, resource).movePointRight(3).setScale(0, java.math.RoundingMode.CEILING).longValue();
  }

  private static long bytes(Map<String, Quantity> of, String resource) {
    return amount(of, resource).setScale(0, java.math.RoundingMode.CEILING).longValue();
  }

  private static BigDecimal amount(Map<String, Quantity> of, String resource) {
    Quantity quantity = of == null ? null : of.get(resource);
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }

  private static Resources sum(Resources a, Resources b) {
    return new Resources(
        a.cpuRequestMillis() + b.cpuRequestMillis(),
        limit(a.cpuLimitMillis(), b.cpuLimitMillis()),
        a.memoryRequestBytes() + b.memoryRequestBytes(),
        limit(a.memoryLimitBytes(), b.memoryLimitBytes()));
  }

  /** A pod in which one container has no limit has none. */
  private static long limit(long a, long b) {
    return a == 0 || b == 0 ? 0 : a + b;
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}

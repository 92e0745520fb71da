package io.bundlet.core.pod;

import io.bundlet.api.runtime.Dns;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodNetwork;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.core.container.ContainerPlan;
import io.bundlet.core.container.PullPolicy;
import io.bundlet.core.container.RestartPolicy;
import io.bundlet.core.container.TerminationMessages;
import io.bundlet.core.origin.PodOrigin;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.QosClass;
import io.bundlet.core.security.PodSecurity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A pod's manifest, resolved into what providers and drivers are told. */
final class PodPlan {
  private static final String WASM_ARCHITECTURE = "wasm32-";

  private volatile Pod pod;
  private final PodId id;
  private final Path logDirectory;
  private volatile PodContainers all;

  PodPlan(Pod pod, Path logs) {
    this.pod = pod;
    this.all = PodContainers.of(pod.getSpec(), restartPolicy());
    this.id = new PodId(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), pod.getMetadata().getUid());
    this.logDirectory = logs.resolve(id.namespace() + "_" + id.name() + "_" + id.uid());
  }

  Pod pod() {
    return pod;
  }

  PodId id() {
    return id;
  }

  /** The pod, or a part of it, as events name it. */
  ObjectReference reference(String fieldPath) {
    return new ObjectReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(id().namespace())
        .withName(id().name())
        .withUid(id().uid())
        .withResourceVersion(pod.getMetadata().getResourceVersion())
        .withFieldPath(fieldPath.isEmpty() ? null : fieldPath)
        .build();
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

  /** The runtime class that the manifest names; empty when it names none. */
  String runtimeClass() {
    return Objects.toString(pod.getSpec().getRuntimeClassName(), "");
  }

  /**
   * The runtime handler that the manifest asks for without a runtime class: what follows {@code wasm32-} in a
   * toleration of {@code kubernetes.io/arch}; empty when it asks for none.
   */
  String toleratedHandler() {
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

  /** All of its containers, in their kinds. */
  PodContainers all() {
    return all;
  }

  /** The names of the volumes that a container of any kind mounts. */
  Set<String> mountedVolumes() {
    return all.all().stream().flatMap(member -> member.container().getVolumeMounts().stream())
        .map(VolumeMount::getName).collect(Collectors.toSet());
  }

  /** Its containers are these now: ephemeral ones were added. */
  void containers(PodSpec changed) {
    update(new PodBuilder(pod).editSpec().withEphemeralContainers(changed.getEphemeralContainers()).endSpec().build());
  }

  /** It is wanted like this now; its containers are the same ones, but for their images and ephemeral ones. */
  void update(Pod changed) {
    pod = changed;
    all = PodContainers.of(changed.getSpec(), restartPolicy());
  }

  /** How long it may be active; empty: as long as it will. */
  Optional<Duration> activeDeadline() {
    return Optional.ofNullable(pod.getSpec().getActiveDeadlineSeconds()).map(Duration::ofSeconds);
  }

  /** Its class of service; empty when its resources are no amounts, for which it is refused. */
  String qosClass() {
    try {
      return QosClass.of(pod.getSpec()).name();
    } catch (ProviderFailure unreadable) {
      return "";
    }
  }

  /** The conditions without which it is not ready, each with what others say of it; empty while they say nothing. */
  Map<String, String> readinessGates() {
    Map<String, String> gates = new LinkedHashMap<>();
    pod.getSpec().getReadinessGates().forEach(gate -> gates.put(gate.getConditionType(), ""));
    if (pod.getStatus() != null) {
      pod.getStatus().getConditions()
          .forEach(condition -> gates.replace(condition.getType(), Objects.toString(condition.getStatus(), "")));
    }
    return gates;
  }

  /** Whether it stands in an API server, and is not wanted by a file on this node. */
  boolean ofCluster() {
    return PodOrigin.ofCluster(pod);
  }

  List<Volume> volumes() {
    return pod.getSpec().getVolumes();
  }

  /**
   * A sandbox of the pod.
   *
   * @param hostname what the pod's processes get for a host name
   * @param dns how names are looked up; empty: as the runtime does
   * @param cgroupParent where its containers' control groups go; empty: where the runtime puts them
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming a field
   */
  SandboxConfig sandbox(
      int attempt, Owner owner, String handler, String hostname, Optional<Dns> dns, String cgroupParent)
      throws ProviderFailure {
    boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    SandboxConfig.Builder sandbox =
        SandboxConfig.of(id(), attempt, owner, logDirectory)
            .handler(handler)
            .hostname(hostNetwork ? "" : hostname)
            .ports(
                all.all().stream().filter(member -> member.type().serves())
                    .flatMap(member -> ports(member.container()).stream()).toList())
            .network(new PodNetwork(List.of(), hostNetwork))
            .resources(EffectiveResources.sandbox(pod.getSpec()))
            .qosClass(qosClass())
            .cgroupParent(cgroupParent)
            .namespaces(PodSecurity.namespaces(pod.getSpec()))
            .security(PodSecurity.sandbox(pod.getSpec()))
            .sysctls(PodSecurity.sysctls(pod.getSpec()))
            .labels(orEmpty(pod.getMetadata().getLabels()))
            .annotations(orEmpty(pod.getMetadata().getAnnotations()));
    dns.ifPresent(sandbox::dns);
    return sandbox.build();
  }

  /** A container of the pod. @param config says what the runtime is told of it */
  ContainerPlan container(PodContainers.Member member, ContainerPlan.Resolver config) {
    Container container = member.container();
    return new ContainerPlan(
        container.getName(),
        member.type(),
        container.getImage(),
        PullPolicy.of(container.getImagePullPolicy(), container.getImage()),
        member.restart(),
        container,
        grace(),
        TerminationMessages.POD_BYTES / all.all().size(),
        config);
  }

  /** The container as the manifest has it now. */
  Container present(Container before) {
    PodContainers.Member member = all.byName().get(before.getName());
    return member == null ? before : member.container();
  }

  /** Where the container stands in the manifest, such as {@code spec.containers[0]}. */
  String path(Container container) {
    for (List<PodContainers.Member> of : List.of(all.init(), all.regular(), all.ephemeral())) {
      int at = of.stream().map(PodContainers.Member::name).toList().indexOf(container.getName());
      if (at >= 0) {
        return of.get(at).type().field() + "[" + at + "]";
      }
    }
    throw new IllegalArgumentException("no container " + container.getName() + " in pod " + id());
  }

  String logPath(String container, int attempt) {
    return container + "/" + attempt + ".log";
  }

  static List<Port> ports(Container container) {
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

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}

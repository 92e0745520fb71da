package io.bundlet.core.cluster;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.status.KubernetesTime;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandler;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandlerBuilder;
import io.fabric8.kubernetes.api.model.NodeSpecBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.NodeSystemInfoBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The node as Kubernetes' API has it. */
final class NodeObject {
  /** The label that says which programs a node can run; also the key of taints and tolerations. */
  static final String ARCHITECTURE = "kubernetes.io/arch";
  /** Before a runtime handler's name: a label of nodes that serve it. */
  static final String HANDLER = "runtime.bundlet.io/";
  /** The version whose kubelet the node behaves like. */
  private static final String KUBELET = "v1.36.0+bundlet-";
  private static final String OS = "linux";
  private static final String GUESTS = "wasm32-";

  private NodeObject() {}

  static Node of(NodeFacts facts) {
    NodeSettings settings = facts.settings();
    return new NodeBuilder()
        .withNewMetadata()
        .withName(facts.name())
        .withLabels(labels(facts))
        .withAnnotations(annotations(facts))
        .endMetadata()
        .withSpec(
            new NodeSpecBuilder()
                .withProviderID(settings.providerId().isEmpty() ? null : settings.providerId())
                .withTaints(settings.taints())
                .build())
        .withStatus(status(facts))
        .build();
  }

  private static Map<String, String> labels(NodeFacts facts) {
    NodeSettings settings = facts.settings();
    Map<String, String> labels = new TreeMap<>(facts.moreLabels());
    labels.put("kubernetes.io/hostname", hostname(facts));
    String architecture = architecture(settings);
    for (String prefix : List.of("", "beta.")) {
      labels.put(prefix + "kubernetes.io/os", OS);
      labels.put(prefix + ARCHITECTURE, architecture);
    }
    facts.handlers().stream().filter(handler -> NodeWords.isKey(HANDLER + handler))
        .forEach(handler -> labels.put(HANDLER + handler, "true"));
    labels.putAll(settings.labels());
    return labels;
  }

  private static Map<String, String> annotations(NodeFacts facts) {
    Map<String, String> annotations = new TreeMap<>(facts.moreAnnotations());
    annotations.put("volumes.kubernetes.io/controller-managed-attach-detach", "true");
    return annotations;
  }

  /** As Go calls the machine's, unless the node is registered with another one. */
  private static String architecture(NodeSettings settings) {
    if (!settings.architecture().isEmpty()) {
      return settings.architecture();
    }
    String machine = System.getProperty("os.arch");
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> machine;
    };
  }

  private static NodeStatus status(NodeFacts facts) {
    NodeStatusBuilder status =
        new NodeStatusBuilder()
            .withAddresses(
                Stream.concat(
                    facts.addresses().stream().map(address -> new NodeAddress(address, "InternalIP")),
                    Stream.of(new NodeAddress(hostname(facts), "Hostname"))).toList())
            .withCapacity(new TreeMap<>(facts.capacity()))
            .withAllocatable(new TreeMap<>(facts.allocatable()))
            .withConditions(facts.conditions().stream().map(NodeObject::condition).toList())
            .withNodeInfo(info(facts))
            .withImages(facts.images())
            .withRuntimeHandlers(facts.handlers().stream().map(NodeObject::handler).toList());
    if (facts.settings().port() != 0) {
      status.withNewDaemonEndpoints().withNewKubeletEndpoint(facts.settings().port()).endDaemonEndpoints();
    }
    return status.build();
  }

  /** What the administrator calls the machine, or the node's name. */
  private static String hostname(NodeFacts facts) {
    String said = facts.settings().hostname();
    return (said.isEmpty() ? facts.name() : said).toLowerCase(Locale.ROOT);
  }

  private static NodeCondition condition(ConditionView from) {
    return new NodeConditionBuilder()
        .withType(from.type())
        .withStatus(from.status())
        .withReason(from.reason())
        .withMessage(from.message())
        .withLastTransitionTime(KubernetesTime.text(from.since()))
        .build();
  }

  private static NodeRuntimeHandler handler(String name) {
    return new NodeRuntimeHandlerBuilder().withName(name).withNewFeatures(false, false).build();
  }

  private static NodeSystemInfo info(NodeFacts facts) {
    String architecture = architecture(facts.settings());
    return new NodeSystemInfoBuilder()
        .withMachineID(facts.machine().machineId())
        .withSystemUUID(facts.machine().systemUuid())
        .withBootID(facts.machine().bootId())
        .withKernelVersion(facts.machine().kernelVersion())
        .withOsImage(facts.machine().osImage())
        .withContainerRuntimeVersion(facts.runtime())
        .withKubeletVersion(KUBELET + facts.version().replaceAll("[^0-9A-Za-z.-]", "-"))
        .withKubeProxyVersion("")
        .withOperatingSystem(OS)
        // Krustlet wrote the one with 32 and the other without.
        .withArchitecture(
            architecture.startsWith(GUESTS) ? "wasm-" + architecture.substring(GUESTS.length()) : architecture)
        .build();
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.Dns;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.environment.Surroundings;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.identity.HostsFile;
import io.bundlet.core.identity.NodeIdentity;
import io.bundlet.core.identity.PodDns;
import io.bundlet.core.identity.PodHostname;
import io.bundlet.core.provider.NodeFiles;
import io.bundlet.core.provider.ProviderHandle;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the pod is told of itself and of the node. Used by the pod's worker and by its containers' threads. */
final class PodSurroundings {
  private final PodContext pod;
  private volatile List<String> reported = List.of();

  PodSurroundings(PodContext pod) {
    this.pod = pod;
  }

  /** The runtime says that the pod has these addresses; none: it shares the node's. */
  void addresses(List<String> ofSandbox) {
    reported = List.copyOf(ofSandbox);
    pod.reporter().addresses(podIps());
  }

  /** The pod's addresses; the node's if it has none of its own. */
  List<String> podIps() {
    return reported.isEmpty() ? node().hostIps() : reported;
  }

  private NodeIdentity node() {
    return pod.node().identity().get();
  }

  private Pod manifest() {
    return pod.plan().pod();
  }

  /** What environments are made from. */
  Surroundings environment() {
    NodeIdentity node = node();
    return new Surroundings(
        node.name(), node.hostIps(), podIps(), node.allocatable(), pod.objects().all(),
        pod.node().cluster().services(pod.plan().ofCluster()), pod.events());
  }

  PodHostname hostname() throws ProviderFailure {
    return PodHostname.of(manifest(), node().names().clusterDomain());
  }

  Dns dns(EventSink events) throws ProviderFailure {
    NodeIdentity node = node();
    return new PodDns(node.names(), node.hostIps()).of(manifest(), events);
  }

  long memoryCapacity() {
    return node().memoryCapacity();
  }

  /** The pod's hosts file for a container that brings none itself, where the runtime can mount a single file. */
  Optional<Mount> hosts(Container container) throws ProviderFailure {
    Optional<FileMounts> part = pod.provider().flatMap(ProviderHandle::fileMounts);
    List<String> others = container.getVolumeMounts().stream().map(VolumeMount::getMountPath).toList();
    if (!NodeFiles.possible(part, HostsFile.CONTAINER_PATH, others)) {
      return Optional.empty();
    }
    String content = HostsFile.content(manifest(), hostname(), podIps(), node().names().hosts());
    return Optional.of(new Mount(HostsFile.CONTAINER_PATH, HostsFile.write(directory(), content), false));
  }

  private Path directory() throws ProviderFailure {
    try {
      return pod.node().directories().make(pod.plan().id().uid());
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the directory of pod " + pod.plan().id() + " cannot be made: " + failed,
          failed);
    }
  }
}

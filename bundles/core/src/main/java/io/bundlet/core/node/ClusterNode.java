package io.bundlet.core.node;

import io.bundlet.api.admin.Problem;
import io.bundlet.core.cluster.Cluster;
import io.bundlet.core.cluster.NodeBasics;
import io.bundlet.core.cluster.NodeSettings;
import io.bundlet.core.cluster.NodeTeller;
import io.bundlet.core.cluster.Offered;
import io.bundlet.core.cluster.ShownPods;
import io.bundlet.core.identity.PresentAddresses;
import io.bundlet.core.machine.MachineIdentity;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.status.StatusWriter;
import io.bundlet.core.time.NodeTime;
import io.bundlet.kubernetes.NodePods;
import io.bundlet.kubernetes.NodeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The node as a cluster sees it: what it offers to a way to one, and when. For all threads. */
final class ClusterNode {
  private final NodeRoom room;
  private final PresentAddresses addresses;
  private final Supplier<NodeConfig> config;
  private final Supplier<List<Problem>> troubles;
  private final NodeTeller teller;
  private volatile NodeSettings settings = NodeSettings.NONE;
  private volatile MachineIdentity machine;
  private volatile String version = "";

  /** @param troubles why the node can take no pods, beside that its providers cannot */
  ClusterNode(
      NodeTime time, ProviderRegistry providers, NodeRoom room, PresentAddresses addresses,
      Supplier<NodeConfig> config, Supplier<List<Problem>> troubles) {
    this.room = room;
    this.addresses = addresses;
    this.config = config;
    this.troubles = troubles;
    this.teller = new NodeTeller(time, providers, this::basics);
  }

  /** Takes the present settings. @return what is wrong with them, for people */
  List<String> settings() {
    NodeConfig now = config.get();
    settings =
        NodeSettings.of(
            now.node_labels(), now.node_taints(), now.krustlet_arch(), now.kubelet_port(), now.provider_id(),
            now.node_hostname());
    return settings.problems();
  }

  /** Offers the node and its pods, now that it is ready. @param changed see {@link Cluster#begin} */
  void begin(
      String nodesVersion, StatusWriter status, Cluster cluster, Offered offered, Runnable changed) {
    version = nodesVersion;
    cluster.begin(status, changed);
    teller.begin(cluster);
    offered.offer(NodePods.class, new ShownPods(status));
    offered.offer(NodeSource.class, teller);
  }

  /** Waits some seconds at most. */
  void end() throws InterruptedException {
    teller.end();
  }

  private NodeBasics basics(Map<String, Long> extended) {
    room.extended(extended);
    if (machine == null) {
      machine = MachineIdentity.of(Path.of("/"));
    }
    NodeConfig now = config.get();
    List<String> hindrances = new ArrayList<>();
    if (room.fit().closed()) {
      hindrances.add("node is shutting down");
    }
    troubles.get().forEach(trouble -> hindrances.add(trouble.message()));
    return new NodeBasics(
        now.node_name(), version, addresses.of(now.node_ip()), machine, settings, room.capacity(), room.allocatable(),
        room.conditions(), hindrances, now.default_handler());
  }
}

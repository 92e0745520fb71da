package io.bundlet.apiserver.node;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** Renews the lease by which the cluster sees that the node lives; for one thread. */
final class NodeLease {
  /** How long the cluster believes without hearing. */
  static final Duration DURATION = Duration.ofSeconds(40);
  /** How often it hears. */
  static final Duration PERIOD = DURATION.dividedBy(4);

  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Requests requests;
  private final String name;
  private final InstantSource clock;
  private String owner = "";

  NodeLease(Requests requests, String name, InstantSource clock) {
    this.requests = requests;
    this.name = name;
    this.clock = clock;
  }

  /** Says that the node lives. @param uid of the node's object, which owns the lease */
  void renew(String uid) throws IOException, InterruptedException {
    Map<String, Object> spec = Map.of("holderIdentity", name, "leaseDurationSeconds", DURATION.toSeconds(),
        "renewTime", MICROS.format(clock.instant()));
    Map<String, Object> reference = Map.of("apiVersion", "v1", "kind", "Node", "name", name, "uid", uid);
    try {
      Map<String, Object> lease = requests.patch(LEASES + "/" + name, Map.of("spec", spec));
      if (!uid.equals(owner) && !owned(lease, uid)) {
        // The node was made again; the one before would take the lease with it.
        requests.patch(LEASES + "/" + name, Map.of("metadata",
            Map.of("ownerReferences", List.of(reference, Map.of(NodeObject.PATCH, "replace")))));
      }
    } catch (ServerFailure e) {
      if (e.code() != 404) {
        throw e;
      }
      requests.post(LEASES, Map.of("apiVersion", "coordination.k8s.io/v1", "kind", "Lease",
          "metadata", Map.of("name", name, "namespace", "kube-node-lease", "ownerReferences", List.of(reference)),
          "spec", spec));
    }
    owner = uid;
  }

  private static boolean owned(Map<String, Object> lease, String uid) {
    return Trees.list(lease, "metadata", "ownerReferences").stream()
        .anyMatch(reference -> Trees.text(reference, "uid").equals(uid));
  }
}

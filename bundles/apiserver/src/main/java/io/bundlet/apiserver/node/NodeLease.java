package io.bundlet.apiserver.node;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Renews the lease by which the cluster sees that the node lives; for one thread. Masters count a renewal only if its
 * time is later than that of the last one, whatever their own clock says. So a clock that was set back goes on from the
 * last renewal, in the smallest steps, until it has caught up.
 */
final class NodeLease {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Requests requests;
  private final String name;
  private final InstantSource clock;
  private final Supplier<NodeTimes> times;
  private String owner = "";
  /** When the server's lease was renewed last; null while that is not known. */
  private Instant last;

  /** @param times how long the cluster is to believe a renewal, asked each time */
  NodeLease(Requests requests, String name, InstantSource clock, Supplier<NodeTimes> times) {
    this.requests = requests;
    this.name = name;
    this.clock = clock;
    this.times = times;
  }

  /**
   * Says that the node lives, if it had a lease before it was started: long before it is known what it is like.
   *
   * @return false when there is no lease yet
   */
  boolean renewFromBefore() throws IOException, InterruptedException {
    if (!known()) {
      return false;
    }
    patch();
    return true;
  }

  /** Says that the node lives. @param uid of the node's object, which owns the lease */
  void renew(String uid) throws IOException, InterruptedException {
    Map<String, Object> reference = Map.of("apiVersion", "v1", "kind", "Node", "name", name, "uid", uid);
    Map<String, Object> lease = known() ? patch() : null;
    if (lease == null) {
      Instant now = next();
      requests.post(LEASES, Map.of("apiVersion", "coordination.k8s.io/v1", "kind", "Lease",
          "metadata", Map.of("name", name, "namespace", "kube-node-lease", "ownerReferences", List.of(reference)),
          "spec", spec(now)));
      last = now;
    } else if (!uid.equals(owner) && !owned(lease, uid)) {
      // The node was made again; the one before would take the lease with it.
      requests.patch(LEASES + "/" + name, Map.of("metadata",
          Map.of("ownerReferences", List.of(reference, Map.of(NodeObject.PATCH, "replace")))));
    }
    owner = uid;
  }

  /** Whether there is a lease, as far as is known, and when it was renewed last. */
  private boolean known() throws IOException, InterruptedException {
    if (last == null) {
      try {
        last = time(requests.get(LEASES + "/" + name));
      } catch (ServerFailure e) {
        if (e.code() != 404) {
          throw e;
        }
      }
    }
    return last != null;
  }

  /** The lease as it is now; null when it is gone. */
  private Map<String, Object> patch() throws IOException, InterruptedException {
    Instant now = next();
    try {
      Map<String, Object> lease = requests.patch(LEASES + "/" + name, Map.of("spec", spec(now)));
      last = now;
      return lease;
    } catch (ServerFailure e) {
      if (e.code() != 404) {
        throw e;
      }
      last = null;
      return null;
    }
  }

  private Instant next() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return last == null || now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
  }

  private Map<String, Object> spec(Instant now) {
    return Map.of("holderIdentity", name, "leaseDurationSeconds", times.get().lease().toSeconds(), "renewTime",
        MICROS.format(now));
  }

  private static Instant time(Map<String, Object> lease) {
    try {
      return Instant.parse(Trees.text(lease, "spec", "renewTime")).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException never) {
      // a lease that was never renewed, or not by a node
      return Instant.EPOCH;
    }
  }

  private static boolean owned(Map<String, Object> lease, String uid) {
    return Trees.list(lease, "metadata", "ownerReferences").stream()
        .anyMatch(reference -> Trees.text(reference, "uid").equals(uid));
  }
}

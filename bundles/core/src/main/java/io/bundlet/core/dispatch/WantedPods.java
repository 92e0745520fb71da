package io.bundlet.core.dispatch;

import io.bundlet.core.origin.PodOrigin;
import io.bundlet.core.status.Phases;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the sources want, as far as they have spoken. Used under the dispatcher's lock. */
final class WantedPods {
  private static final String CONFIG_MIRROR = "kubernetes.io/config.mirror";

  private final Map<String, Map<String, Pod>> bySource = new HashMap<>();
  private final Set<String> ofCluster = new HashSet<>();

  /**
   * A source wants these, and no others.
   *
   * @param cluster whether they stand in an API server
   */
  void put(String source, boolean cluster, List<Pod> pods) {
    if (cluster) {
      ofCluster.add(source);
    }
    Map<String, Pod> byUid = new LinkedHashMap<>();
    // A mirror pod stands for one that another source wants.
    pods.stream().filter(pod -> annotations(pod).get(CONFIG_MIRROR) == null)
        .forEach(pod -> byUid.put(pod.getMetadata().getUid(), pod));
    bySource.put(source, byUid);
  }

  Map<String, Map<String, Pod>> bySource() {
    return bySource;
  }

  boolean nobodyHasSpoken() {
    return bySource.isEmpty();
  }

  boolean hasSpoken(String source) {
    return bySource.containsKey(source);
  }

  Optional<Pod> pod(String source, String uid) {
    return Optional.ofNullable(bySource.getOrDefault(source, Map.of()).get(uid));
  }

  Optional<String> sourceOf(String uid) {
    return bySource.entrySet().stream().filter(all -> all.getValue().containsKey(uid)).map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether the source will have it no longer than it runs. */
  static boolean deleted(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** What a deleted pod's containers get. @param own what the pod's manifest gives them */
  static Duration grace(Pod deleted, Duration own) {
    Long seconds = deleted.getMetadata().getDeletionGracePeriodSeconds();
    return seconds == null ? own : Duration.ofSeconds(Math.max(1, seconds));
  }

  /** Whether its source says that it has ended: such a pod never runs again. */
  static boolean ended(Pod pod) {
    String phase = pod.getStatus() == null ? "" : Objects.toString(pod.getStatus().getPhase(), "");
    return phase.equals(Phases.SUCCEEDED) || phase.equals(Phases.FAILED);
  }

  /** The pod as the node takes it on. */
  Pod takenOn(Pod pod, String source, Instant now) {
    return PodOrigin.takenOn(pod, ofCluster.contains(source), now);
  }

  private static Map<String, String> annotations(Pod pod) {
    return Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
  }
}

package io.bundlet.core.origin;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What a pod's annotations say of where it comes from, in the words of the Kubernetes kubelet. */
public final class PodOrigin {
  private static final String SOURCE = "kubernetes.io/config.source";
  private static final String SEEN = "kubernetes.io/config.seen";
  private static final String CLUSTER = "api";

  private PodOrigin() {}

  /** Whether the pod stands in an API server. */
  public static boolean ofCluster(Pod pod) {
    return source(pod).equals(CLUSTER);
  }

  /** Whether the pod comes from the node's own files, so that nobody else would make another one in its place. */
  public static boolean isStatic(Pod pod) {
    String source = source(pod);
    return !source.isEmpty() && !source.equals(CLUSTER);
  }

  /**
   * The pod as the node takes it on: with where it came from and when.
   *
   * @param ofCluster whether its source says that its pods stand in an API server
   */
  public static Pod takenOn(Pod pod, boolean ofCluster, Instant now) {
    Map<String, String> all = new LinkedHashMap<>(annotations(pod));
    all.put(SEEN, now.toString());
    if (ofCluster) {
      // Whatever the object says: that it came from a file would have others trust it.
      all.put(SOURCE, CLUSTER);
    } else {
      // And that it stands in an API server would have the node wait for one.
      all.remove(SOURCE, CLUSTER);
    }
    return new PodBuilder(pod)
        .withMetadata(new ObjectMetaBuilder(pod.getMetadata()).withAnnotations(all).build())
        .build();
  }

  private static String source(Pod pod) {
    return annotations(pod).getOrDefault(SOURCE, "");
  }

  private static Map<String, String> annotations(Pod pod) {
    return Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
  }
}

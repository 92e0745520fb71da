package io.bundlet.api.volume;

import java.util.Map;

/**
 * What files about a pod may say of it.
 *
 * @param serviceAccount the service account it runs as; empty: {@code default}
 * @param labels its labels
 * @param annotations its annotations
 * @param containers its containers and init containers by name
 */
public record PodFacts(
    String serviceAccount,
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, ContainerFacts> containers) {
  /** Nothing is said. */
  public static final PodFacts NONE = new PodFacts("", Map.of(), Map.of(), Map.of());

  public PodFacts {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    containers = Map.copyOf(containers);
  }
}

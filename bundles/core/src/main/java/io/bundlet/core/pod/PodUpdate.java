package io.bundlet.core.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a pod may change while it runs, as the API has it: labels, annotations, images, the deadline, tolerations,
 * and what others say of its readiness. Whatever else is different in what a source says is not taken over.
 */
final class PodUpdate {
  private static final String OF_THE_NODE = "kubernetes.io/config.";

  private PodUpdate() {}

  /** The present pod with what has changed. */
  static Pod merged(Pod present, Pod now) {
    return new PodBuilder(present)
        .withMetadata(
            new ObjectMetaBuilder(present.getMetadata())
                .withLabels(now.getMetadata().getLabels())
                .withAnnotations(annotations(present, now))
                .withGeneration(now.getMetadata().getGeneration())
                .build())
        .withSpec(
            new PodSpecBuilder(present.getSpec())
                .withContainers(images(present.getSpec().getContainers(), now.getSpec().getContainers()))
                .withInitContainers(
                    images(present.getSpec().getInitContainers(), now.getSpec().getInitContainers()))
                .withActiveDeadlineSeconds(now.getSpec().getActiveDeadlineSeconds())
                .withTolerations(now.getSpec().getTolerations())
                .build())
        .withStatus(new PodStatusBuilder().withConditions(gates(present, now)).build())
        .build();
  }

  /** The present pod whose regular containers have the resources that are wanted now; nothing else changes. */
  static Pod resized(Pod present, Pod now) {
    Map<String, Container> wanted =
        now.getSpec().getContainers().stream()
            .collect(Collectors.toMap(Container::getName, one -> one, (one, other) -> one));
    List<Container> containers =
        present.getSpec().getContainers().stream().map(one -> {
          Container other = wanted.getOrDefault(one.getName(), one);
          return Objects.equals(other.getResources(), one.getResources())
              ? one : new ContainerBuilder(one).withResources(other.getResources()).build();
        }).toList();
    return containers.equals(present.getSpec().getContainers())
        ? present
        : new PodBuilder(present).editSpec().withContainers(containers).endSpec().build();
  }

  private static Map<String, String> annotations(Pod present, Pod now) {
    Map<String, String> all = new LinkedHashMap<>(orEmpty(now));
    all.keySet().removeIf(key -> key.startsWith(OF_THE_NODE));
    orEmpty(present).forEach((key, value) -> {
      if (key.startsWith(OF_THE_NODE)) {
        all.put(key, value);
      }
    });
    return all;
  }

  private static Map<String, String> orEmpty(Pod pod) {
    return Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
  }

  private static List<Container> images(List<Container> present, List<Container> now) {
    Map<String, String> images =
        now.stream().filter(one -> one.getImage() != null && !one.getImage().isEmpty())
            .collect(Collectors.toMap(Container::getName, Container::getImage, (one, other) -> one));
    return present.stream()
        .map(one -> {
          String image = images.getOrDefault(one.getName(), one.getImage());
          return Objects.equals(image, one.getImage()) ? one : new ContainerBuilder(one).withImage(image).build();
        })
        .toList();
  }

  private static List<PodCondition> gates(Pod present, Pod now) {
    Set<String> gates =
        present.getSpec().getReadinessGates().stream().map(PodReadinessGate::getConditionType)
            .collect(Collectors.toSet());
    List<PodCondition> said = now.getStatus() == null ? List.of() : now.getStatus().getConditions();
    return said.stream().filter(condition -> gates.contains(condition.getType())).toList();
  }
}

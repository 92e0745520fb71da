package io.bundlet.core.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the Kubernetes kubelet writes beside each container, by the same names: tools that read a runtime look for it.
 * This node itself reads none of it, as it remembers what it needs.
 */
final class ContainerAnnotations {
  private static final String CONTAINER = "io.kubernetes.container.";
  private static final String POD = "io.kubernetes.pod.";
  private static final String MESSAGE_PATH = "/dev/termination-log";
  private static final String MESSAGE_POLICY = "File";
  private static final int FNV_BASIS = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ContainerAnnotations() {}

  /** Those of one attempt. */
  static Map<String, String> of(Pod pod, Container container, int attempt) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(CONTAINER + "hash", hash(container.getName() + "\n" + container.getImage()));
    all.put(CONTAINER + "restartCount", Integer.toString(attempt));
    all.put(CONTAINER + "terminationMessagePath",
        given(container.getTerminationMessagePath(), MESSAGE_PATH));
    all.put(CONTAINER + "terminationMessagePolicy",
        given(container.getTerminationMessagePolicy(), MESSAGE_POLICY));
    if (!container.getPorts().isEmpty()) {
      all.put(CONTAINER + "ports", JSON.writeValueAsString(container.getPorts()));
    }
    if (container.getLifecycle() != null && container.getLifecycle().getPreStop() != null) {
      all.put(CONTAINER + "preStopHandler", JSON.writeValueAsString(container.getLifecycle().getPreStop()));
    }
    put(all, POD + "terminationGracePeriod", pod.getSpec().getTerminationGracePeriodSeconds());
    put(all, POD + "deletionGracePeriod", pod.getMetadata().getDeletionGracePeriodSeconds());
    return all;
  }

  private static String given(String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private static void put(Map<String, String> all, String name, Long seconds) {
    if (seconds != null) {
      all.put(name, seconds.toString());
    }
  }

  /** FNV-1a with 32 bits, in hexadecimal: another one when another container has the name. */
  private static String hash(String text) {
    int hash = FNV_BASIS;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return Integer.toHexString(hash);
  }
}

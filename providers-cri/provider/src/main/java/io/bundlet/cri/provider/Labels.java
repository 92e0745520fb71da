package io.bundlet.cri.provider;

import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The labels by which a sandbox or container is found again, the same that other kubelets and tools read. */
final class Labels {
  static final String POD_NAME = "io.kubernetes.pod.name";
  static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  static final String POD_UID = "io.kubernetes.pod.uid";
  static final String CONTAINER_NAME = "io.kubernetes.container.name";

  private Labels() {}

  /** The given labels with ours, which win. */
  static Map<String, String> of(Map<String, String> given, PodId pod, Owner owner) {
    Map<String, String> labels = new LinkedHashMap<>(given);
    labels.put(POD_NAME, pod.name());
    labels.put(POD_NAMESPACE, pod.namespace());
    labels.put(POD_UID, pod.uid());
    labels.put(Owner.LABEL, owner.node());
    return labels;
  }

  /** The pod that these labels name; empty when they are not ours or incomplete. */
  static Optional<PodId> pod(Map<String, String> labels) {
    String name = labels.get(POD_NAME);
    String namespace = labels.get(POD_NAMESPACE);
    String uid = labels.get(POD_UID);
    return labels.containsKey(Owner.LABEL) && name != null && namespace != null && uid != null
        ? Optional.of(new PodId(namespace, name, uid))
        : Optional.empty();
  }
}

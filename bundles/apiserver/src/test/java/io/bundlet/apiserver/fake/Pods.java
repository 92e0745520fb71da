package io.bundlet.apiserver.fake;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** Pods for tests. */
public final class Pods {
  private Pods() {}

  /** A pod of the node. */
  public static Pod pod(String name, String uid) {
    return new PodBuilder().withApiVersion("v1").withKind("Pod")
        .withNewMetadata().withNamespace("default").withName(name).withUid(uid).endMetadata()
        .withNewSpec().withNodeName(FakeApi.NODE).withRestartPolicy("Always")
        .addNewContainer().withName("main").withImage("x").endContainer().endSpec()
        .withNewStatus().withPhase("Pending").endStatus().build();
  }

  /** Where a pod stands. */
  public static String path(String name) {
    return "/api/v1/namespaces/default/pods/" + name;
  }
}

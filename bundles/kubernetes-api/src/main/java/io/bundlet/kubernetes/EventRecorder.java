package io.bundlet.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectReference;

/** Takes events for people, as {@code kubectl describe} shows them. A service; there may be none. */
public interface EventRecorder {
  /**
   * Something happened. Never blocks; equal events are counted, and too many are dropped.
   *
   * @param about what it happened to; of a part of a pod with its field path
   * @param type {@code Normal} or {@code Warning}
   * @param reason one word, the one that Kubernetes' kubelet uses where it has one
   */
  void event(ObjectReference about, String type, String reason, String message);
}

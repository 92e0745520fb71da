package io.bundlet.core.event;

/** Takes what happened to one pod. May be called from any thread; never blocks and never fails. */
@FunctionalInterface
public interface EventSink {
  /** {@link #event}'s type for what went as wanted. */
  String NORMAL = "Normal";
  /** {@link #event}'s type for what somebody should look at. */
  String WARNING = "Warning";

  /**
   * Something happened.
   *
   * @param fieldPath the part of the pod, such as {@code spec.containers{web}}; empty: the pod
   * @param type {@link #NORMAL} or {@link #WARNING}
   * @param reason one word, the one that Kubernetes' kubelet uses where it has one
   * @param message for people
   */
  void event(String fieldPath, String type, String reason, String message);

  /** The same, of one container of the pod. */
  default EventSink of(String container) {
    String path = "spec.containers{" + container + "}";
    return (inner, type, reason, message) -> event(inner.isEmpty() ? path : inner, type, reason, message);
  }
}

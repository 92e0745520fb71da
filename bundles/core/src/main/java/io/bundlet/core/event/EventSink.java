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

  /** The same, of one part of the pod, such as {@code spec.containers{web}}. */
  default EventSink at(String path) {
    return (inner, type, reason, message) -> event(inner.isEmpty() ? path : inner, type, reason, message);
  }

  /** The same, of one of the pod's regular containers. */
  default EventSink of(String container) {
    return at("spec.containers{" + container + "}");
  }
}

package io.bundlet.apiserver.mirror;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** A name under which a static pod runs, ran, or has a mirror. All fields under the lock of {@link MirrorPods}. */
final class StaticPod {
  static final String HASH = "kubernetes.io/config.hash";
  static final String MIRROR = "kubernetes.io/config.mirror";

  /** The pod that runs; null: none does. */
  Pod pod;
  /** Whether the pod has ended, so that its mirror goes at once. */
  boolean ended;
  /** The uid of the pod of which it was told that it has no mirror. */
  String refused = "";
  /** The uid of a mirror that stands for an end which was none: another one takes its place. */
  volatile String outlived = "";
  /** Nobody looks at it before (by {@link System#nanoTime}). */
  long notBefore = System.nanoTime();
  /** Whether it waits only for the watch to tell of what was done. */
  boolean settling;
  boolean dirty = true;

  void later(Duration wait) {
    notBefore = System.nanoTime() + wait.toNanos();
    settling = false;
    dirty = true;
  }

  void settle(Duration wait) {
    later(wait);
    settling = true;
  }

  /** Something was heard of pods. */
  void touched() {
    if (settling) {
      later(Duration.ZERO);
    }
    dirty = true;
  }

  /** What makes a mirror the mirror of this very pod. */
  static String hash(Pod pod) {
    String hash = annotation(pod, HASH);
    return hash.isEmpty() ? pod.getMetadata().getUid() : hash;
  }

  static String annotation(Pod pod, String key) {
    var annotations = pod.getMetadata().getAnnotations();
    String value = annotations == null ? null : annotations.get(key);
    return value == null ? "" : value;
  }

  /** The key of a pod. */
  static String key(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }
}

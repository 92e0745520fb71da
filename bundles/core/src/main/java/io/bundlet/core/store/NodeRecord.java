package io.bundlet.core.store;

import java.time.Instant;
import java.util.List;

/**
 * What the node remembers beside its pods.
 *
 * @param holds the pods that are kept from running although their source wants them
 * @param leftVolumes what is still to be unmounted of pods that are gone, oldest first
 */
public record NodeRecord(List<Hold> holds, List<LeftVolume> leftVolumes) {
  /** Nothing is remembered. */
  public static final NodeRecord EMPTY = new NodeRecord(List.of(), List.of());

  /**
   * A pod that is kept from running.
   *
   * @param uid the pod
   * @param source the source that wants it
   * @param process the node's process with which the hold ends; empty: it lasts until it is released
   * @param since when it was asked for
   */
  public record Hold(String uid, String source, String process, Instant since) {}

  /**
   * A volume whose driver was away when its pod ended.
   *
   * @param kind the kind of volume
   * @param namespace the pod's namespace
   * @param pod the pod's name
   * @param uid the pod's uid
   * @param name the volume's name in the pod
   */
  public record LeftVolume(String kind, String namespace, String pod, String uid, String name) {}

  public NodeRecord {
    holds = holds == null ? List.of() : List.copyOf(holds);
    leftVolumes = leftVolumes == null ? List.of() : List.copyOf(leftVolumes);
  }

  public NodeRecord withHolds(List<Hold> all) {
    return new NodeRecord(all, leftVolumes);
  }

  public NodeRecord withLeftVolumes(List<LeftVolume> all) {
    return new NodeRecord(holds, all);
  }
}

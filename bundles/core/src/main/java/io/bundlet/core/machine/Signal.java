package io.bundlet.core.machine;

import java.util.Optional;
import java.util.stream.Stream;

/** What the node may run short of. The words are those of the Kubernetes kubelet's settings. */
public enum Signal {
  /** Memory, in bytes. */
  MEMORY_AVAILABLE("memory.available"),
  /** Free space of the file system that the node keeps its data on, in bytes. */
  NODEFS_AVAILABLE("nodefs.available"),
  /** Free inodes of the same file system. */
  NODEFS_INODES_FREE("nodefs.inodesFree"),
  /** Process ids. */
  PID_AVAILABLE("pid.available");

  private final String word;

  Signal(String word) {
    this.word = word;
  }

  /** As the settings write it. */
  public String word() {
    return word;
  }

  static Optional<Signal> of(String word) {
    return Stream.of(values()).filter(signal -> signal.word.equals(word)).findFirst();
  }
}

package io.bundlet.core.machine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the node may run short of. The words are those of the Kubernetes kubelet's settings. */
public enum Signal {
  /** Memory, in bytes. */
  MEMORY_AVAILABLE("memory.available", Pressure.MEMORY, "memory", true),
  /** Free space of the file system that the node keeps its data on, in bytes. */
  NODEFS_AVAILABLE("nodefs.available", Pressure.DISK, "ephemeral-storage", true),
  /** Free inodes of the same file system. */
  NODEFS_INODES_FREE("nodefs.inodesFree", Pressure.DISK, "inodes", false),
  /** Process ids. */
  PID_AVAILABLE("pid.available", Pressure.PID, "pids", false);

  private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

  private final String word;
  private final Pressure pressure;
  private final String resource;
  private final boolean bytes;

  Signal(String word, Pressure pressure, String resource, boolean bytes) {
    this.word = word;
    this.pressure = pressure;
    this.resource = resource;
    this.bytes = bytes;
  }

  /** As the settings write it. */
  public String word() {
    return word;
  }

  /** What the node is under when it is short of this. */
  public Pressure pressure() {
    return pressure;
  }

  /** What it is short of, in messages. */
  public String resource() {
    return resource;
  }

  /** An amount in messages: bytes in the largest unit that loses nothing. */
  public String text(long amount) {
    int unit = 0;
    long rest = amount;
    while (bytes && rest != 0 && rest % 1024 == 0 && unit < UNITS.size() - 1) {
      rest /= 1024;
      unit++;
    }
    return rest + UNITS.get(unit);
  }

  static Optional<Signal> of(String word) {
    return Stream.of(values()).filter(signal -> signal.word.equals(word)).findFirst();
  }
}

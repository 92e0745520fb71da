package io.bundlet.api.runtime;

import java.util.Objects;
import java.util.OptionalLong;

/** What a container uses. Grows by its builder; what is not set is not known. */
public final class ContainerStats {
  private final ContainerId container;
  private final OptionalLong cpuNanos;
  private final OptionalLong memoryBytes;
  private final OptionalLong diskBytes;
  private final OptionalLong inodes;

  private ContainerStats(Builder from) {
    container = from.container;
    cpuNanos = from.cpuNanos;
    memoryBytes = from.memoryBytes;
    diskBytes = from.diskBytes;
    inodes = from.inodes;
  }

  /** Starts a description. */
  public static Builder of(ContainerId container) {
    return new Builder(container);
  }

  /** Which container. */
  public ContainerId container() {
    return container;
  }

  /** The processor time that it has used since it was started, in nanoseconds of one processor; it never falls. */
  public OptionalLong cpuNanos() {
    return cpuNanos;
  }

  /** Memory that cannot be taken from it without ending it, its working set, in bytes. */
  public OptionalLong memoryBytes() {
    return memoryBytes;
  }

  /** What it has written outside of all volumes, its log not counted, in bytes on the node's disk. */
  public OptionalLong diskBytes() {
    return diskBytes;
  }

  /** The files and directories of that. */
  public OptionalLong inodes() {
    return inodes;
  }

  /** Builds a {@link ContainerStats}; keeps its shape when fields are added. */
  public static final class Builder {
    private final ContainerId container;
    private OptionalLong cpuNanos = OptionalLong.empty();
    private OptionalLong memoryBytes = OptionalLong.empty();
    private OptionalLong diskBytes = OptionalLong.empty();
    private OptionalLong inodes = OptionalLong.empty();

    private Builder(ContainerId container) {
      this.container = Objects.requireNonNull(container);
    }

    /** See {@link ContainerStats#cpuNanos}. */
    public Builder cpuNanos(long value) {
      cpuNanos = OptionalLong.of(value);
      return this;
    }

    /** See {@link ContainerStats#memoryBytes}. */
    public Builder memoryBytes(long value) {
      memoryBytes = OptionalLong.of(value);
      return this;
    }

    /** See {@link ContainerStats#diskBytes}. */
    public Builder diskBytes(long value) {
      diskBytes = OptionalLong.of(value);
      return this;
    }

    /** See {@link ContainerStats#inodes}. */
    public Builder inodes(long value) {
      inodes = OptionalLong.of(value);
      return this;
    }

    /** What was described so far; the builder may be used on. */
    public ContainerStats build() {
      return new ContainerStats(this);
    }
  }
}

package io.bundlet.cgroups;

import java.io.IOException;
import java.nio.file.Path;

/** Writes limits into groups of one hierarchy; what is so already is not written again. */
final class GroupLimits {
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;
  private static final long MOST_WEIGHT = 10_000;

  private final GroupFiles files;
  private final Hierarchy hierarchy;

  GroupLimits(GroupFiles files, Hierarchy hierarchy) {
    this.files = files;
    this.hierarchy = hierarchy;
  }

  /** Shares of a processor's time for thousandths that are asked for, within the kernel's bounds. */
  static long shares(long millis) {
    return Math.clamp(millis * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
  }

  /** How a group stands to its neighbours when there is too little time for all; as Kubernetes translates it. */
  void shares(Path group, long shares) throws IOException {
    long bounded = Math.clamp(shares, LEAST_SHARES, MOST_SHARES);
    if (hierarchy.unified()) {
      set(group.resolve("cpu.weight"), Long.toString(1 + (bounded - 2) * 9999 / 262_142));
    } else {
      set(group.resolve("cpu.shares"), Long.toString(bounded));
    }
  }

  /** The same for threads of this process: 1024 are as much as any one of its other threads has. */
  void threadShares(Path group, long shares) throws IOException {
    if (hierarchy.unified()) {
      set(group.resolve("cpu.weight"), Long.toString(Math.clamp(shares * 100 / 1024, 1, MOST_WEIGHT)));
    } else {
      set(group.resolve("cpu.shares"), Long.toString(Math.clamp(shares, LEAST_SHARES, MOST_SHARES)));
    }
  }

  /** What {@link #threadShares} has given a group, about. */
  long threadShares(Path group) throws IOException {
    return hierarchy.unified()
        ? Long.parseLong(files.read(group.resolve("cpu.weight"))) * 1024 / 100
        : Long.parseLong(files.read(group.resolve("cpu.shares")));
  }

  /** What {@link #shares} has given a group, about. */
  long sharesOf(Path group) throws IOException {
    return hierarchy.unified()
        ? (Long.parseLong(files.read(group.resolve("cpu.weight"))) - 1) * 262_142 / 9999 + 2
        : Long.parseLong(files.read(group.resolve("cpu.shares")));
  }

  void quota(Path group, CpuQuota quota) throws IOException {
    if (hierarchy.unified()) {
      set(group.resolve("cpu.max"), quota.max());
      return;
    }
    Path file = group.resolve("cpu.cfs_quota_us");
    Path period = group.resolve("cpu.cfs_period_us");
    if (files.read(period).equals(Long.toString(quota.periodMicros()))) {
      set(file, Long.toString(quota.quotaMicros()));
      return;
    }
    // Without a quota meanwhile: the kernel would refuse one that is too much for the other period.
    set(file, "-1");
    set(period, Long.toString(quota.periodMicros()));
    set(file, Long.toString(quota.quotaMicros()));
  }

  /** @param bytes 0: no limit */
  void memory(Path group, long bytes) throws IOException {
    if (hierarchy.unified()) {
      set(group.resolve("memory.max"), bytes <= 0 ? "max" : Long.toString(bytes));
    } else if (bytes > 0) {
      set(group.resolve("memory.limit_in_bytes"), Long.toString(bytes));
    } else {
      files.write(group.resolve("memory.limit_in_bytes"), "-1");
    }
  }

  private void set(Path file, String value) throws IOException {
    if (!files.read(file).equals(value)) {
      files.write(file, value);
    }
  }
}

package io.bundlet.core.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel's control groups allow this process, in version 1 or 2 of them.
 *
 * @param cpuMillis processor time, in thousandths of a processor; {@link Long#MAX_VALUE} without a limit
 * @param memoryBytes memory; {@link Long#MAX_VALUE} without a limit
 */
record ControlGroups(long cpuMillis, long memoryBytes) {
  private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);
  private static final long NONE = Long.MAX_VALUE;

  /** Reads the groups of this process. @param root below which {@code proc} and {@code sys} are */
  static ControlGroups ofThisProcess(Path root) {
    List<String> groups;
    try {
      groups = Files.readAllLines(root.resolve("proc/self/cgroup"));
    } catch (IOException noControlGroups) {
      LOG.debug("this process has no control groups: {}", noControlGroups.toString());
      return new ControlGroups(NONE, NONE);
    }
    Path mounted = root.resolve("sys/fs/cgroup");
    long cpu = NONE;
    long memory = NONE;
    for (String line : groups) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      // A path with .. is a group outside of the process' own namespace, which cannot be read.
      Path below = Path.of("/").relativize(Path.of(parts[2]).normalize());
      if (parts[1].isEmpty()) {
        cpu = Math.min(cpu, smallest(mounted, below, ControlGroups::cpu2));
        memory = Math.min(memory, smallest(mounted, below, group -> number(group.resolve("memory.max")).orElse(NONE)));
        continue;
      }
      for (String controller : parts[1].split(",")) {
        if (controller.equals("cpu")) {
          cpu = Math.min(cpu, smallest(mounted.resolve(controller), below, ControlGroups::cpu1));
        } else if (controller.equals("memory")) {
          memory = Math.min(memory, smallest(mounted.resolve(controller), below,
              group -> number(group.resolve("memory.limit_in_bytes")).orElse(NONE)));
        }
      }
    }
    return new ControlGroups(cpu, memory);
  }

  /** The limits of all groups around a group hold for it, too. */
  private static long smallest(Path top, Path below, ToLongFunction<Path> limit) {
    long smallest = limit.applyAsLong(top);
    Path group = top;
    for (Path name : below) {
      group = group.resolve(name);
      smallest = Math.min(smallest, limit.applyAsLong(group));
    }
    return smallest;
  }

  private static long cpu2(Path group) {
    String[] words = text(group.resolve("cpu.max")).split(" ");
    return words.length < 2 ? NONE : millis(number(words[0]), number(words[1]));
  }

  private static long cpu1(Path group) {
    return millis(number(group.resolve("cpu.cfs_quota_us")), number(group.resolve("cpu.cfs_period_us")));
  }

  private static long millis(OptionalLong quota, OptionalLong period) {
    return quota.isEmpty() || period.isEmpty() || period.getAsLong() == 0
        ? NONE
        : Math.max(1, Math.round(quota.getAsLong() * 1000.0 / period.getAsLong()));
  }

  private static OptionalLong number(Path file) {
    return number(text(file));
  }

  /** Empty for {@code max} and -1, which are no limit. */
  private static OptionalLong number(String text) {
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private static String text(Path file) {
    // The first read gets all; Files.readString would make it one byte long, as the file has no size.
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException noSuchLimit) {
      // The topmost group has no limits, and not every controller is there.
      return "";
    }
  }
}

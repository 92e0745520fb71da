package io.bundlet.core.metrics;

import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.core.eviction.NodeSignals;
import io.bundlet.core.machine.Signal;
import io.bundlet.core.time.NodeTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the machine uses, read when it is asked for. For all threads. */
public final class MachineUse {
  private static final Logger LOG = LoggerFactory.getLogger(MachineUse.class);
  /** User, nice, system; idle and waiting left out; interrupts, soft interrupts, what other machines took. */
  private static final Pattern CPU =
      Pattern.compile("^cpu +(\\d{1,17}) (\\d{1,17}) (\\d{1,17}) \\d+ \\d+ (\\d{1,17}) (\\d{1,17}) (\\d{1,17})");
  /** The kernel counts in hundredths of a second. */
  private static final long NANOS_OF_TICK = 10_000_000;
  private static final long FRESH_NANOS = 5_000_000_000L;

  private record Sample(long atNanos, NodeUsageView view) {}

  private final Path stat;
  private final NodeSignals signals;
  private final NodeTime time;
  private volatile Sample last;

  /** @param stat the kernel's file {@code /proc/stat} @param signals memory and disk */
  public MachineUse(Path stat, NodeSignals signals, NodeTime time) {
    this.stat = stat;
    this.signals = signals;
    this.time = time;
  }

  /** What it uses now, or some seconds ago, if it was asked for then: strangers may ask often. */
  public NodeUsageView now() {
    Sample before = last;
    long nanos = time.nanos();
    if (before != null && nanos - before.atNanos() < FRESH_NANOS) {
      return before.view();
    }
    Map<Signal, NodeSignals.Reading> now = signals.read();
    OptionalLong cpu = cpuNanos();
    NodeUsageView view =
        new NodeUsageView(
            time.now(), cpu, rate(before, cpu, nanos), used(now, Signal.MEMORY_AVAILABLE),
            left(now, Signal.MEMORY_AVAILABLE), whole(now, Signal.NODEFS_AVAILABLE), left(now, Signal.NODEFS_AVAILABLE),
            whole(now, Signal.NODEFS_INODES_FREE), left(now, Signal.NODEFS_INODES_FREE));
    last = new Sample(nanos, view);
    return view;
  }

  private OptionalLong cpuNanos() {
    try {
      Matcher found = CPU.matcher(Files.readString(stat, StandardCharsets.US_ASCII));
      if (found.find()) {
        long ticks = 0;
        for (int i = 1; i <= found.groupCount(); i++) {
          ticks += Long.parseLong(found.group(i));
        }
        return OptionalLong.of(ticks * NANOS_OF_TICK);
      }
    } catch (IOException unknown) {
      LOG.debug("the machine's processor time cannot be read: {}", unknown.toString());
    }
    return OptionalLong.empty();
  }

  private static OptionalLong rate(Sample before, OptionalLong cpuNanos, long nanos) {
    if (before == null || before.view().cpuNanos().isEmpty() || cpuNanos.isEmpty()) {
      return OptionalLong.empty();
    }
    double used = Math.max(0, cpuNanos.getAsLong() - before.view().cpuNanos().getAsLong());
    return OptionalLong.of(Math.round(used / (nanos - before.atNanos()) * 1000));
  }

  private static OptionalLong left(Map<Signal, NodeSignals.Reading> now, Signal signal) {
    return now.containsKey(signal) ? OptionalLong.of(now.get(signal).available()) : OptionalLong.empty();
  }

  private static OptionalLong whole(Map<Signal, NodeSignals.Reading> now, Signal signal) {
    return now.containsKey(signal) ? OptionalLong.of(now.get(signal).capacity()) : OptionalLong.empty();
  }

  private static OptionalLong used(Map<Signal, NodeSignals.Reading> now, Signal signal) {
    return now.containsKey(signal)
        ? OptionalLong.of(Math.max(0, now.get(signal).capacity() - now.get(signal).available()))
        : OptionalLong.empty();
  }
}

package io.bundlet.core.eviction;

import io.bundlet.core.machine.Signal;
import io.bundlet.linux.FileSystemSpace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's memory and process ids, and the file system that the node keeps its data on. */
public final class KernelSignals implements NodeSignals {
  private static final Logger LOG = LoggerFactory.getLogger(KernelSignals.class);
  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d{1,15}) kB");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB");
  private static final Pattern RUNNING = Pattern.compile("\\d+/(\\d{1,15})\\b");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})");

  private final Path proc;
  private final Path data;

  /** The machine's own. @param data where the node keeps its data; it exists */
  public KernelSignals(Path data) {
    this(Path.of("/proc"), data);
  }

  KernelSignals(Path proc, Path data) {
    this.proc = proc;
    this.data = data;
  }

  @Override
  public Map<Signal, Reading> read() {
    Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
    String memory = text("meminfo");
    Optional<Long> total = number(TOTAL, memory);
    Optional<Long> available = number(AVAILABLE, memory);
    if (total.isPresent() && available.isPresent()) {
      readings.put(Signal.MEMORY_AVAILABLE, new Reading(available.get() << 10, total.get() << 10));
    }
    Optional<Long> running = number(RUNNING, text("loadavg"));
    Optional<Long> ids = number(NUMBER, text("sys/kernel/pid_max"));
    if (running.isPresent() && ids.isPresent()) {
      long most = Math.min(ids.get(), number(NUMBER, text("sys/kernel/threads-max")).orElse(Long.MAX_VALUE));
      readings.put(Signal.PID_AVAILABLE, new Reading(most - running.get(), most));
    }
    try {
      FileSystemSpace space = FileSystemSpace.of(data);
      readings.put(Signal.NODEFS_AVAILABLE, new Reading(space.bytesFree(), space.bytes()));
      if (space.inodes() > 0) {
        readings.put(Signal.NODEFS_INODES_FREE, new Reading(space.inodesFree(), space.inodes()));
      }
    } catch (IOException unknown) {
      LOG.warn("what is left of the file system of {} is not known: {}", data, unknown.getMessage());
    }
    return readings;
  }

  private static Optional<Long> number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Optional.of(Long.parseLong(found.group(1))) : Optional.empty();
  }

  private String text(String file) {
    // Settings give all that they have to the first read alone, which Files.readString makes one byte long.
    try (InputStream in = Files.newInputStream(proc.resolve(file))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException unknown) {
      LOG.debug("{} cannot be read: {}", file, unknown.toString());
      return "";
    }
  }
}

package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.wasmhost.output.GuestOutput;
import io.bundlet.wasmhost.output.LogPump;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pump and its directory of FIFOs, both made when the first guest needs them. Each life of the host has a directory
 * of its own, so that clearing up after an earlier life cannot touch what this one uses.
 */
final class Outputs {
  private static final Logger LOG = LoggerFactory.getLogger(Outputs.class);
  private static final String PREFIX = "fifos-";

  private final Clock clock;
  private final String own =
      PREFIX + ProcessHandle.current().pid() + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private volatile Path directory;
  private long rate;
  private LogPump pump;
  private boolean closed;

  Outputs(Clock clock, Path directory, long rate) {
    this.clock = clock;
    this.directory = directory;
    this.rate = rate;
  }

  /** Where further FIFOs are made. */
  void directory(Path path) {
    directory = path;
  }

  /** What each guest may write from now on. @param bytes a second, 0 for any number */
  synchronized void rate(long bytes) {
    rate = bytes;
    if (pump != null) {
      pump.rate(bytes);
    }
  }

  GuestOutput open(Path log) throws IOException {
    return pump().open(log);
  }

  GuestOutput open(Path log, ContainerId container) throws IOException {
    return pump().open(log, directory.resolve(own).resolve(container.value()));
  }

  /** Removes the FIFOs of processes that are gone, and of this process's earlier lives. Blocks. */
  void clearStale() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*-*")) {
      for (Path old : found) {
        if (!old.getFileName().toString().equals(own) && stale(old)) {
          clear(old);
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not there yet", directory);
    } catch (IOException e) {
      LOG.warn("{} cannot be cleared of old FIFOs: {}", directory, e.toString());
    }
  }

  /** Writes out what is there and ends. */
  void close(Duration atMost) {
    LogPump last;
    synchronized (this) {
      closed = true;
      last = pump;
      pump = null;
    }
    if (last != null) {
      last.close(atMost);
    }
    try {
      clear(directory.resolve(own));
    } catch (IOException e) {
      LOG.warn("FIFOs remain in {}: {}", directory, e.toString());
    }
  }

  private synchronized LogPump pump() throws IOException {
    if (closed) {
      throw new IOException("the wasm host is being stopped");
    }
    if (pump == null) {
      pump = new LogPump(clock, rate);
    }
    return pump;
  }

  /** Whether the process that a directory is named after is gone, or is this one in an earlier life. */
  static boolean stale(Path old) {
    String[] parts = old.getFileName().toString().split("-");
    try {
      long pid = Long.parseLong(parts[1]);
      return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void clear(Path old) throws IOException {
    if (!Files.isDirectory(old)) {
      return;
    }
    try (DirectoryStream<Path> fifos = Files.newDirectoryStream(old, "*.std*")) {
      for (Path fifo : fifos) {
        Files.deleteIfExists(fifo);
      }
    }
    Files.deleteIfExists(old);
  }

}

package io.bundlet.core.log;

import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Rotates one attempt's log. What is interrupted half way, also by the node's death, is finished or taken back by the
 * next look, and the container writes on all the time.
 */
final class RotatingLog {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

  private final LogFiles files;
  private final int attempt;
  private final Reopening runtime;

  /** Has the container's runtime write into a new file. */
  interface Reopening {
    void reopen() throws ProviderFailure, InterruptedException;
  }

  RotatingLog(LogFiles files, int attempt, Reopening runtime) {
    this.files = files;
    this.attempt = attempt;
    this.runtime = runtime;
  }

  /** Looks after the log. @throws IOException or ProviderFailure when it stays as it was, to be tried again */
  void look(LogSettings settings, Instant now) throws IOException, ProviderFailure, InterruptedException {
    repair();
    if (size() <= settings.maxBytes()) {
      return;
    }
    clear(settings.maxFiles() - 2);
    IOException uncompressed = compress();
    rotate(now);
    if (uncompressed != null) {
      throw uncompressed;
    }
  }

  private long size() throws IOException {
    try {
      return Files.size(files.current(attempt));
    } catch (NoSuchFileException absent) {
      return 0;
    }
  }

  /** A rotation ended between its two steps. */
  private void repair() throws IOException, ProviderFailure, InterruptedException {
    for (LogFiles.File file : files.all()) {
      if (file.attempt() == attempt && file.unfinished()) {
        Files.deleteIfExists(file.path());
      }
    }
    List<LogFiles.File> rotated = files.rotated(attempt);
    if (!rotated.isEmpty() && !rotated.getLast().compressed() && !Files.exists(files.current(attempt))) {
      reopen(rotated.getLast().path());
    }
  }

  private void rotate(Instant now) throws IOException, ProviderFailure, InterruptedException {
    Path current = files.current(attempt);
    Path renamed = current.resolveSibling(current.getFileName() + "." + stamp(now));
    Files.move(current, renamed, StandardCopyOption.ATOMIC_MOVE);
    reopen(renamed);
  }

  /** The new file is begun; if there is none afterwards, the renamed file gets its name back. */
  private void reopen(Path renamed) throws IOException, ProviderFailure, InterruptedException {
    try {
      runtime.reopen();
    } finally {
      Path current = files.current(attempt);
      try {
        // Not a move, which would put it over a file that the runtime makes at this very moment.
        Files.createLink(current, renamed);
        Files.delete(renamed);
      } catch (FileAlreadyExistsException begun) {
        // As it should be.
      }
    }
  }

  /** Never that of an earlier rotation, even if the clock was set back. */
  private String stamp(Instant now) throws IOException {
    String stamp = STAMP.format(now.atOffset(ZoneOffset.UTC));
    String last = files.lastStamp(attempt);
    return stamp.compareTo(last) > 0 ? stamp : STAMP.format(LocalDateTime.parse(last, STAMP).plusSeconds(1));
  }

  /** Removes all but the youngest of those that were rotated away, and files of which there is a compressed copy. */
  private void clear(int keep) throws IOException {
    List<LogFiles.File> all = files.all();
    for (LogFiles.File file : all) {
      boolean copied = all.stream().anyMatch(
          other -> other.compressed() && other.attempt() == attempt && other.stamp().equals(file.stamp()));
      if (file.attempt() == attempt && file.ending().isEmpty() && !file.stamp().isEmpty() && copied) {
        Files.deleteIfExists(file.path());
      }
    }
    List<LogFiles.File> rotated = files.rotated(attempt);
    for (LogFiles.File file : rotated.subList(0, Math.max(0, rotated.size() - keep))) {
      Files.deleteIfExists(file.path());
    }
  }

  /** @return why not all could be compressed, or null: a full disk must not keep a log from being rotated */
  private IOException compress() throws IOException {
    IOException failure = null;
    for (LogFiles.File file : files.rotated(attempt)) {
      if (!file.compressed()) {
        Path unfinished = file.path().resolveSibling(file.path().getFileName() + LogFiles.UNFINISHED);
        Path whole = file.path().resolveSibling(file.path().getFileName() + LogFiles.COMPRESSED);
        try {
          try (InputStream in = Files.newInputStream(file.path());
              OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
            in.transferTo(out);
          }
          Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
          Files.deleteIfExists(file.path());
        } catch (IOException failed) {
          Files.deleteIfExists(unfinished);
          failure = failed;
        }
      }
    }
    return failure;
  }
}

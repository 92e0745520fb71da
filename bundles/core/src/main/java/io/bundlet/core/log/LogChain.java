package io.bundlet.core.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * The files of one attempt's log, one after the other: where a reader begins, and what comes after the file that it has
 * read. A file is told from others by what it is on its file system, as its name changes under the reader.
 */
final class LogChain {
  /** How often in a row a log may be rotated just while it is opened. */
  private static final int RACES = 100;

  private final LogFiles files;
  private final int attempt;
  private LogInput now;
  // All rotations up to this one were before the file that is being read now.
  private String before = "";
  // The file's place among the rotated ones, when it was opened as one of them.
  private String stamp = "";

  LogChain(LogFiles files, int attempt) {
    this.files = files;
    this.attempt = attempt;
  }

  /** The file that is being read; empty until there is one. */
  Optional<LogInput> now() {
    return Optional.ofNullable(now);
  }

  /** Whether something was begun after the file that is being read, so that it gets no more than its last lines. */
  boolean isOver() throws IOException {
    if (!stamp.isEmpty()) {
      return true;
    }
    Optional<Object> current = LogInput.key(files.current(attempt));
    // While a log is rotated there is no current one for a moment, and the renamed one is written on.
    return current.isPresent() && !now.is(current.get());
  }

  /** Opens the present file, at its last lines. @return false when there is none yet */
  boolean begin(TailStart tail) throws IOException {
    for (int race = 0; race < RACES; race++) {
      List<LogFiles.File> rotated = files.rotated(attempt);
      String last = rotated.isEmpty() ? "" : rotated.getLast().stamp();
      Optional<LogInput> opened = LogInput.growing(files.current(attempt), tail);
      if (opened.isEmpty() && !rotated.isEmpty() && !rotated.getLast().compressed()) {
        // In the middle of a rotation: the renamed file is the one that is written.
        last = rotated.size() < 2 ? "" : rotated.get(rotated.size() - 2).stamp();
        opened = LogInput.growing(rotated.getLast().path(), tail);
      } else if (opened.isPresent() && !files.lastStamp(attempt).equals(last)) {
        opened.get().close();
        continue;
      }
      opened.ifPresent(input -> now = input);
      before = last;
      return opened.isPresent();
    }
    throw new IOException("the log " + files.current(attempt) + " is rotated all the time");
  }

  /**
   * Goes on to the file after the one that is over.
   *
   * @return the one before, for its last lines; empty when the next is not there yet, or cannot be read and was left
   *     out
   */
  Optional<LogInput> next() throws IOException {
    for (LogFiles.File file : files.rotated(attempt)) {
      if (file.stamp().compareTo(stamp.isEmpty() ? before : stamp) <= 0 || stamp.isEmpty() && isNow(file)) {
        continue;
      }
      LogInput old = now;
      Optional<LogInput> opened = open(file);
      if (opened.isEmpty()) {
        return Optional.empty();
      }
      now = opened.get();
      stamp = file.stamp();
      return Optional.of(old);
    }
    LogInput old = now;
    String seen = files.lastStamp(attempt);
    Optional<LogInput> opened = LogInput.growing(files.current(attempt), TailStart.WHOLE);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    if (!files.lastStamp(attempt).equals(seen)) {
      opened.get().close();
      return Optional.empty();
    }
    now = opened.get();
    before = seen;
    stamp = "";
    return Optional.of(old);
  }

  private Optional<LogInput> open(LogFiles.File file) throws IOException {
    try {
      return file.compressed()
          ? Optional.of(LogInput.compressed(file.path()))
          : LogInput.growing(file.path(), TailStart.WHOLE);
    } catch (NoSuchFileException | java.io.FileNotFoundException meanwhile) {
      // Compressed or removed in between; the next look finds out.
      return Optional.empty();
    }
  }

  /** Whether the rotated file is the one that is being read. */
  private boolean isNow(LogFiles.File file) throws IOException {
    if (!file.compressed()) {
      return LogInput.key(file.path()).filter(now::is).isPresent();
    }
    try (LogInput copy = LogInput.compressed(file.path())) {
      return copy.beginsAs(now);
    } catch (NoSuchFileException | java.io.FileNotFoundException meanwhile) {
      return false;
    }
  }
}

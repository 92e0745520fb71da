package io.bundlet.testkit.scripted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The flags that tests set, and the file in which they read. */
final class Control {
  private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(10);

  private final Path directory;
  private final JsonLines calls;

  Control(Path directory) {
    this.directory = directory;
    this.calls = new JsonLines(directory.resolve("calls"));
  }

  JsonLines calls() {
    return calls;
  }

  Path state() {
    return directory.resolve("state");
  }

  boolean set(String flag) {
    return Files.exists(file(flag));
  }

  /** What the test has written into the flag; empty when it is not set. */
  String value(String flag) {
    try {
      return set(flag) ? Files.readString(file(flag)).strip() : "";
    } catch (IOException removed) {
      return "";
    }
  }

  void raise(String flag) {
    try {
      Files.createDirectories(file(flag).getParent());
      Files.writeString(file(flag), "");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void lower(String flag) {
    try {
      Files.deleteIfExists(file(flag));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Waits until the flag is set. */
  void await(String flag) throws InterruptedException {
    while (!set(flag)) {
      pause(LOOK_AGAIN);
    }
  }

  static void pause(long nanos) throws InterruptedException {
    LockSupport.parkNanos(nanos);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Waits a whole while. */
  static void sleep(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      pause(left);
    }
  }

  private Path file(String flag) {
    return directory.resolve("control").resolve(flag);
  }
}

package io.bundlet.e2e.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Somebody on the host who exchanges, all the time, in a guest's mount: a directory for a link that leads out, and a
 * file for such a link, by renaming.
 */
final class Exchanger implements AutoCloseable {
  private final Path mount;
  private final Thread thread;
  private volatile boolean closed;
  private volatile IOException failed;
  private volatile long rounds;

  /** Makes {@code flip}, {@code to-flip} and {@code leaf}, and begins. */
  Exchanger(HostSide host) throws IOException {
    mount = host.writable();
    Files.createDirectories(mount.resolve("flip/sub"));
    Files.writeString(mount.resolve("flip/canary"), "inside");
    host.link("to-flip", "flip");
    host.link("out", "../outside");
    Files.writeString(mount.resolve("leaf"), "inside");
    thread = Thread.ofPlatform().name("exchanger").start(this::run);
  }

  private void run() {
    try {
      while (!closed) {
        move("flip", "real");
        move("out", "flip");
        Files.createSymbolicLink(mount.resolve("next"), Path.of("../outside/canary"));
        move("next", "leaf");
        move("flip", "out");
        move("real", "flip");
        Files.writeString(mount.resolve("next"), "inside");
        move("next", "leaf");
        rounds++;
      }
    } catch (IOException e) {
      failed = e;
    }
  }

  private void move(String from, String to) throws IOException {
    Files.move(mount.resolve(from), mount.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  /** How often there and back. @throws IOException when it could not go on */
  long rounds() throws IOException {
    if (failed != null) {
      throw new IOException("nothing was exchanged any more", failed);
    }
    return rounds;
  }

  @Override
  public void close() {
    end();
  }

  /** Exchanges nothing any more. */
  void end() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.bundlet.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Says when as many guests as are expected have said through a FIFO that they run, each by one line. */
final class Arrivals implements AutoCloseable {
  private static final String NAME = "arrivals";
  /** What a guest does first, where it sees the directory as {@code /said}. */
  static final String SAY = "echo x > /said/" + NAME;

  private final FileChannel fifo;
  private final int expected;
  private final CompletableFuture<Long> all = new CompletableFuture<>();

  /** Makes the FIFO anew and begins to listen. */
  Arrivals(Path directory, int expected) throws IOException, InterruptedException {
    this.expected = expected;
    Path path = Files.createDirectories(directory).resolve(NAME);
    Files.deleteIfExists(path);
    if (new ProcessBuilder("mkfifo", "-m", "666", path.toString()).start().waitFor() != 0) {
      throw new IOException("mkfifo " + path + " failed");
    }
    // open for both, because opening for one waits for the other
    fifo = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Thread.ofPlatform().daemon().name("arrivals").start(this::listen);
  }

  private void listen() {
    ByteBuffer buffer = ByteBuffer.allocate(1024);
    int lines = 0;
    try {
      while (lines < expected) {
        fifo.read(buffer.clear());
        long now = System.nanoTime();
        for (int i = 0; i < buffer.position(); i++) {
          lines += buffer.get(i) == '\n' ? 1 : 0;
        }
        if (lines >= expected) {
          all.complete(now);
        }
      }
    } catch (IOException closed) {
      all.completeExceptionally(closed);
    }
  }

  /** Waits for the last one. @return the moment, as {@link System#nanoTime} tells it */
  long await() throws InterruptedException, IOException {
    try {
      return all.get(3, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException never) {
      throw new IOException("not all of " + expected + " guests have come to run", never);
    }
  }

  @Override
  public void close() throws IOException {
    fifo.close();
  }
}

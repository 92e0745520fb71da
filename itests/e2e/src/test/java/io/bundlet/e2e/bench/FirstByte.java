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

/** Says when the first byte came through a FIFO that a guest writes to. */
final class FirstByte implements AutoCloseable {
  /** The FIFO's name in the directory. */
  static final String NAME = "first";

  private final FileChannel fifo;
  private final CompletableFuture<Long> came = new CompletableFuture<>();

  /** Makes the FIFO anew and begins to listen. */
  FirstByte(Path directory) throws IOException, InterruptedException {
    Path path = Files.createDirectories(directory).resolve(NAME);
    Files.deleteIfExists(path);
    if (new ProcessBuilder("mkfifo", "-m", "666", path.toString()).start().waitFor() != 0) {
      throw new IOException("mkfifo " + path + " failed");
    }
    // open for both, because opening for one waits for the other
    fifo = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Thread.ofPlatform().daemon().name("first-byte").start(this::listen);
  }

  private void listen() {
    try {
      fifo.read(ByteBuffer.allocate(1));
      came.complete(System.nanoTime());
    } catch (IOException closed) {
      came.completeExceptionally(closed);
    }
  }

  /** Waits for it. @return the moment, as {@link System#nanoTime} tells it */
  long await() throws InterruptedException, IOException {
    try {
      return came.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException never) {
      throw new IOException("no byte of a guest came", never);
    }
  }

  @Override
  public void close() throws IOException {
    fifo.close();
  }
}

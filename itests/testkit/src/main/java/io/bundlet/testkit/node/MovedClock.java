package io.bundlet.testkit.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A wall clock for single processes, which may jump while they run; everybody else's is left alone. It is a small
 * library that is compiled when it is needed and stands before the C library. Not for several threads.
 */
public final class MovedClock {
  private static final String SOURCE = "moved-clock.c";
  private static final int COMPILER_SECONDS = 60;

  private final Path library;
  private final Path file;
  private Duration moved;

  /**
   * Compiles it.
   *
   * @param directory made if need be
   * @param moved by how much it differs from the machine's at first
   */
  public MovedClock(Path directory, Duration moved) throws IOException {
    Files.createDirectories(directory);
    this.library = directory.resolve("moved-clock.so");
    this.file = directory.resolve("moved-clock.nanos");
    Path source = directory.resolve(SOURCE);
    try (InputStream in = MovedClock.class.getResourceAsStream(SOURCE)) {
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    compile(source);
    set(moved);
  }

  private void compile(Path source) throws IOException {
    Path said = source.resolveSibling("moved-clock.log");
    Process compiler = new ProcessBuilder(
        "clang", "-O2", "-Wall", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
        .redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      if (!compiler.waitFor(COMPILER_SECONDS, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
        throw new IOException("the moved clock cannot be compiled: " + Files.readString(said));
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupt);
    } finally {
      compiler.destroyForcibly();
    }
  }

  /** What a process needs in its environment to have this clock. */
  public Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toAbsolutePath().toString(), "MOVED_CLOCK", file.toAbsolutePath().toString());
  }

  /** Lets it jump, at once, in all processes that have it. */
  public void jump(Duration by) throws IOException {
    set(moved.plus(by));
  }

  /** By how much it differs from the machine's. */
  public Duration moved() {
    return moved;
  }

  private void set(Duration to) throws IOException {
    ByteBuffer nanos = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, to.toNanos());
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(nanos, 0); // in its place, as processes look at this very file
    }
    moved = to;
  }
}

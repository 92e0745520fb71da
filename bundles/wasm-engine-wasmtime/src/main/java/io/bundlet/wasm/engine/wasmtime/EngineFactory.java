package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Config;
import io.github.kawamuray.wasmtime.Engine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes wasmtime engines that share one configuration, and with it one cache. Loads the native library at first
 * use.
 */
final class EngineFactory implements AutoCloseable {
  /** How much of a thread's stack a guest may use. Guests' threads have four times as much. */
  private static final long GUEST_STACK = 1 << 20;

  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(EngineFactory.class);

  private final Optional<Path> cache;
  private Config config;
  private boolean closed;

  EngineFactory(Optional<Path> cache) {
    this.cache = cache;
  }

  /** A directory for files that live for a moment. */
  Path scratch() throws IOException {
    if (cache.isPresent()) {
      return privateDirectory(cache.get());
    }
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  synchronized Engine newEngine() {
    if (closed) {
      throw new IllegalStateException("the engine's component was stopped");
    }
    if (config == null) {
      config = newConfig();
    }
    return new Engine(config);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (config != null) {
      config.dispose();
      config = null;
    }
  }

  private Config newConfig() {
    Config made = new Config();
    made.epochInterruption(true);
    made.maxWasmStack(GUEST_STACK);
    if (cache.isPresent()) {
      try {
        Path directory = privateDirectory(cache.get());
        removeLeftovers(directory);
        Path toml = directory.resolve("cache.toml");
        Path half = Files.createTempFile(directory, "cache", ".tmp");
        Files.writeString(
            half, "[cache]\nenabled = true\ndirectory = \"" + escaped(directory.toRealPath() + "/compiled") + "\"\n");
        Files.move(half, toml, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        made.cacheConfigLoad(toml);
      } catch (IOException | RuntimeException e) {
        log.warn("No cache of compiled modules, as {} cannot be used: {}", cache.get(), e.toString());
      }
    }
    return made;
  }

  /** A process that was killed while it compiled has left its file; a young one may be another process' own. */
  private static void removeLeftovers(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "module*.wasm")) {
      Instant old = Instant.now().minus(LEFTOVER_AGE);
      for (Path each : files) {
        if (Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(old)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  /** What lies there is native code that we run: nobody else may write it. */
  private static Path privateDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return directory;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}

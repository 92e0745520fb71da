package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.sections.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled modules on the disk, each in a directory of its own that is named by the module's digest, the engine's
 * version and its settings. Any thread; several processes may share one. What takes more than the limit in all goes,
 * the longest unused first, and never what was used within some hours.
 */
final class CompileCache {
  private static final Logger log = LoggerFactory.getLogger(CompileCache.class);
  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);
  private static final Duration FRESH = Duration.ofHours(3);

  private final Path directory;
  private final String engine;
  private final long limitBytes;
  private final Map<String, CacheEntry> entries = new HashMap<>();
  private boolean begun;

  /** @param engine version and settings: what was compiled by another one is not used @param limitBytes of all */
  CompileCache(Path directory, String engine, long limitBytes) {
    this.directory = directory;
    this.engine = engine;
    this.limitBytes = limitBytes;
  }

  /** A directory for files that live for a moment. */
  Path scratch() throws IOException {
    // What lies there is native code that we run: nobody else may write it.
    Files.createDirectories(
        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return directory;
  }

  /** The place of this module. */
  CacheEntry entry(String digest) throws IOException {
    String key = name(digest + "\n" + engine);
    synchronized (this) {
      if (!begun) {
        begun = true;
        removeLeftovers(scratch());
      }
      return entries.computeIfAbsent(key, name -> new CacheEntry(modules().resolve(name)));
    }
  }

  private Path modules() {
    return directory.resolve("modules");
  }

  /** Removes what has been used longest ago until the rest is within the limit. Blocks. */
  void trim() throws IOException {
    List<CacheEntry> all = new ArrayList<>();
    // as it is now: an entry may be used while the list is put in order
    Map<CacheEntry, Instant> used = new HashMap<>();
    long bytes = 0;
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(modules())) {
      for (Path each : directories) {
        CacheEntry entry;
        synchronized (this) {
          entry = entries.computeIfAbsent(each.getFileName().toString(), name -> new CacheEntry(each));
        }
        all.add(entry);
        used.put(entry, entry.used());
        bytes += entry.bytes();
      }
    }
    all.sort(Comparator.comparing(used::get));
    Instant fresh = Instant.now().minus(FRESH);
    for (CacheEntry each : all) {
      if (bytes <= limitBytes) {
        break;
      }
      long freed = each.bytes();
      if (each.removeUnlessUsedSince(fresh)) {
        bytes -= freed;
        synchronized (this) {
          entries.values().remove(each);
        }
      }
    }
    if (bytes > limitBytes) {
      log.debug("the compiled modules in use take {} bytes, more than the {} of the limit", bytes, limitBytes);
    }
  }

  private static String name(String text) {
    return Digests.sha256(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))).replaceFirst("^sha256:", "");
  }

  /** A process that was killed while it compiled has left its file; a young one may be another process' own. */
  private static void removeLeftovers(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "{module*.wasm,bell-*}")) {
      Instant old = Instant.now().minus(LEFTOVER_AGE);
      for (Path each : files) {
        if (Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(old)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}

package io.bundlet.wasm.engine.wasmtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was compiled of one module: a directory that is wasmtime's, and beside it the sums of what this engine has found
 * there after a compile. What is there is machine code that we run, so a file that is not as it was written counts as
 * none, and everything of the entry goes. Several processes may use one entry: each file is complete when it gets its
 * name. Any thread; its methods block for as long as it takes to read the files.
 */
final class CacheEntry {
  private static final Logger log = LoggerFactory.getLogger(CacheEntry.class);
  private static final Duration TOUCHED = Duration.ofHours(1);
  /** Older than any file can be that somebody still writes. */
  private static final Duration LEFTOVER_AGE = Duration.ofMinutes(10);
  /** What wasmtime writes before it gets its name; while one is there, wasmtime writes no other one of that name. */
  private static final String HALF_WRITTEN = ".wip-atomic-write-";
  private static final String HALF = ".tmp";

  private final Path directory;
  /** What tells wasmtime of it. It is as old as the last use, to the hour. */
  private final Path toml;
  private final Path compiled;
  private final Path sums;
  /** What was read and found to be good, as it was then. */
  private final Map<Path, Identity> verified = new HashMap<>();
  private boolean begun;

  /** A file that has these is thought of as unchanged. */
  private record Identity(Object key, long size, FileTime changed) {
    static Identity of(Path file) throws IOException {
      BasicFileAttributes all = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Identity(all.fileKey(), all.size(), all.lastModifiedTime());
    }
  }

  CacheEntry(Path directory) {
    this.directory = directory;
    this.toml = directory.resolve("cache.toml");
    this.compiled = directory.resolve("compiled");
    this.sums = directory.resolve("sums");
  }

  /** Readies it: what is not as it was written is removed. @return the file that tells wasmtime of it */
  synchronized Path open() throws IOException {
    Files.createDirectories(directory);
    String text = "[cache]\nenabled = true\ndirectory = \"" + escaped(directory.toRealPath() + "/compiled") + "\"\n"
        // Read in two thirds of the time that its default of 3 takes, and hardly larger.
        + "baseline-compression-level = 1\n"
        // Files that wasmtime packs anew after some uses would no longer be those that were written.
        + "optimized-compression-usage-counter-threshold = \"1000000000\"\n";
    if (!Files.exists(toml) || !Files.readString(toml).equals(text)) {
      replace(toml, text);
    }
    touch();
    if (!begun) {
      removeLeftovers();
    }
    if (!good()) {
      remove(compiled);
      Files.deleteIfExists(sums);
      verified.clear();
    }
    begun = true;
    return toml;
  }

  private void touch() throws IOException {
    Instant now = Instant.now();
    try {
      if (Files.getLastModifiedTime(toml).toInstant().isBefore(now.minus(TOUCHED))) {
        Files.setLastModifiedTime(toml, FileTime.from(now));
      }
    } catch (NoSuchFileException removed) {
      throw new IOException("another process has removed " + directory, removed);
    }
  }

  /** A process that was killed while it wrote, or found no room, has left its files. */
  private void removeLeftovers() throws IOException {
    Instant old = Instant.now().minus(LEFTOVER_AGE);
    each(directory, (file, attributes) -> {
      if (halfWritten(file) && attributes.lastModifiedTime().toInstant().isBefore(old)) {
        log.info("{} was never completed, and goes", file);
        Files.deleteIfExists(file);
      }
    });
  }

  private interface Visit {
    void file(Path file, BasicFileAttributes attributes) throws IOException;
  }

  /** Visits all files that stay while others write theirs, which have another name at first. */
  private static void each(Path tree, Visit visit) throws IOException {
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        visit.file(file, attributes);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE;
        }
        throw failure;
      }
    });
  }

  private static boolean halfWritten(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(HALF) || name.contains(HALF_WRITTEN);
  }

  /** Something was compiled: what is there now is what is expected from now on. @return whether that is news */
  synchronized boolean seal() throws IOException {
    Map<String, String> now = new TreeMap<>();
    Map<String, String> known = known();
    for (Path file : files()) {
      String name = directory.relativize(file).toString();
      Identity identity = Identity.of(file);
      String sum = identity.equals(verified.get(file)) ? known.get(name) : null;
      now.put(name, sum == null ? sum(file) : sum);
      verified.put(file, identity);
    }
    if (now.equals(known)) {
      return false;
    }
    StringBuilder text = new StringBuilder();
    now.forEach((name, sum) -> text.append(sum).append(' ').append(name).append('\n'));
    replace(sums, text.toString());
    return true;
  }

  /** Whether all files that count are there as they were written. */
  private boolean good() throws IOException {
    Map<String, String> known = known();
    for (Map.Entry<String, String> each : known.entrySet()) {
      Path file = directory.resolve(each.getKey());
      Identity now;
      try {
        now = Identity.of(file);
      } catch (NoSuchFileException gone) {
        continue;
      }
      if (!now.equals(verified.get(file))) {
        if (!sum(file).equals(each.getValue())) {
          log.warn("{} is not as it was written: the module is compiled again", file);
          return false;
        }
        verified.put(file, now);
      }
    }
    // What this process compiles at this moment has no sum yet; what an earlier one has left without one may be cut.
    Optional<Path> unknown = begun
        ? Optional.empty()
        : files().stream().filter(file -> !known.containsKey(directory.relativize(file).toString())).findFirst();
    unknown.ifPresent(file -> log.info("{} has no sum, as when a process was killed: all is compiled again", file));
    return unknown.isEmpty();
  }

  private Map<String, String> known() throws IOException {
    Map<String, String> known = new TreeMap<>();
    try {
      for (String line : new String(Files.readAllBytes(sums), StandardCharsets.ISO_8859_1).lines().toList()) {
        int space = line.indexOf(' ');
        if (space == 64) {
          known.put(line.substring(space + 1), line.substring(0, space));
        }
      }
    } catch (NoSuchFileException none) {
      log.debug("{} has nothing compiled yet", directory);
    }
    return known;
  }

  /** The compiled code; what wasmtime notes of its use, and files that are being written, are left out. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(compiled)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    each(compiled, (file, attributes) -> {
      if (attributes.isRegularFile() && !file.getFileName().toString().contains(".")) {
        found.add(file);
      }
    });
    return found;
  }

  /** How much of the disk it takes, in bytes. */
  long bytes() throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    long bytes = 0;
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.toList()) {
        bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
      }
    } catch (NoSuchFileException | UncheckedIOException changing) {
      log.debug("{} changes while it is measured: {}", directory, changing.toString());
    }
    return bytes;
  }

  /** When it was used last, to the hour. */
  Instant used() {
    try {
      return Files.getLastModifiedTime(toml).toInstant();
    } catch (IOException none) {
      return begins();
    }
  }

  /** It is about to be made, or what somebody has left of it. */
  private Instant begins() {
    try {
      return Files.getLastModifiedTime(directory).toInstant();
    } catch (IOException none) {
      return Instant.EPOCH;
    }
  }

  /** Removes it unless it was used since then. Engines that exist go on. @return whether it is gone */
  synchronized boolean removeUnlessUsedSince(Instant since) throws IOException {
    if (used().isAfter(since)) {
      return false;
    }
    verified.clear();
    remove(directory);
    return true;
  }

  private static void remove(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException | DirectoryNotEmptyException | UncheckedIOException changing) {
      log.debug("{} changes while it is removed: {}", tree, changing.toString());
    }
  }

  private static String sum(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 << 10];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  /** Writes a file that is complete when it gets its name. */
  static void replace(Path file, String text) throws IOException {
    Path half = Files.createTempFile(file.getParent(), file.getFileName().toString(), HALF);
    try {
      Files.writeString(half, text);
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}

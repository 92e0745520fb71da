package io.bundlet.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The directory in which one node keeps everything, claimed for the life of this process. In it: {@code lock};
 * {@code run} with the shell's socket; {@code log}; {@code cache} with what can be made again and is made again at each
 * start.
 */
final class DataDirectory implements AutoCloseable {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Pattern NODE_ID = Pattern.compile("[0-9a-f-]{36}");

  private final Path path;
  private final boolean temporary;
  private final FileChannel channel;

  private DataDirectory(Path path, boolean temporary, FileChannel channel) {
    this.path = path;
    this.temporary = temporary;
    this.channel = channel;
  }

  /** Where a node keeps its state when nothing is said. */
  static Path standard() {
    return "root".equals(System.getProperty("user.name"))
        ? Path.of("/var/lib/bundlet")
        : Path.of(System.getProperty("user.home"), ".bundlet");
  }

  /** A directory that is removed when it is closed. */
  static DataDirectory temporary() throws StartFailure {
    try {
      return claim(Files.createTempDirectory("bundlet-run-", PRIVATE), true);
    } catch (IOException e) {
      throw new StartFailure("no temporary directory can be made (" + Reasons.of(e) + "); use --data DIR", e);
    }
  }

  static DataDirectory open(Path wanted) throws StartFailure {
    Path path = wanted.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, PRIVATE);
      }
    } catch (IOException e) {
      throw new StartFailure(
          "the data directory " + path + " cannot be made (" + Reasons.of(e) + "); choose another with --data DIR", e);
    }
    return claim(path, false);
  }

  /**
   * What marks this node's pods in every runtime: random, made at the first start, and the same ever after.
   */
  String nodeId() throws StartFailure {
    Path file = path.resolve("node-id");
    try {
      if (Files.exists(file)) {
        String known = Files.readString(file).strip();
        if (NODE_ID.matcher(known).matches()) {
          return known;
        }
        throw new StartFailure(file
            + " does not hold a node id; restore it, or remove the whole directory to start afresh");
      }
      String fresh = UUID.randomUUID().toString();
      Path half = path.resolve("node-id.tmp");
      Files.writeString(half, fresh + "\n");
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
      return fresh;
    } catch (IOException e) {
      throw new StartFailure("the data directory " + path + " cannot be written: " + Reasons.of(e), e);
    }
  }

  private static DataDirectory claim(Path path, boolean temporary) throws StartFailure {
    Path lock = path.resolve("lock");
    FileChannel channel;
    try {
      channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StartFailure(
          "the data directory " + path + " cannot be written (" + Reasons.of(e)
              + "); make it writable or choose another with --data DIR", e);
    }
    try {
      FileLock held = channel.tryLock();
      if (held == null) {
        throw new StartFailure(inUse(path));
      }
      DataDirectory data = new DataDirectory(path, temporary, channel);
      data.clear(data.cache());
      Files.createDirectories(data.cache(), PRIVATE);
      Files.createDirectories(data.run(), PRIVATE);
      Files.setPosixFilePermissions(data.run(), PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(data.log(), PRIVATE);
      return data;
    } catch (OverlappingFileLockException e) {
      closeQuietly(channel);
      throw new StartFailure(inUse(path), e);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new StartFailure("the data directory " + path + " cannot be used (" + Reasons.of(e)
          + "); choose another with --data DIR", e);
    } catch (StartFailure e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static String inUse(Path path) {
    return "another node is running on the data directory " + path + "; stop it, or choose another with --data DIR";
  }

  Path path() {
    return path;
  }

  Path cache() {
    return path.resolve("cache");
  }

  Path run() {
    return path.resolve("run");
  }

  Path log() {
    return path.resolve("log");
  }

  /** Gives the directory back; a temporary one is removed. */
  @Override
  public void close() {
    if (temporary) {
      try {
        clear(path);
      } catch (IOException e) {
        System.err.println("bundlet: the temporary directory " + path + " could not be removed: " + Reasons.of(e));
      }
    }
    closeQuietly(channel);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
      System.err.println("bundlet: " + Reasons.of(e));
    }
  }

  private void clear(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package io.bundlet.modules;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Modules on disk, by hash. Several threads may add the same module; the last rename wins and changes nothing. */
final class ModuleDirectory {
  private static final Pattern ID = Pattern.compile("sha256:([0-9a-f]{64})");
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.wasm");
  private static final String UNFINISHED = ".tmp";
  private static final int CHUNK = 1 << 18;

  /** A module is larger than allowed. */
  static final class TooLarge extends IOException {
    TooLarge(String message) {
      super(message);
    }
  }

  /** A module that is stored. */
  record Stored(String id, long size) {}

  private final Path directory;

  ModuleDirectory(Path root) {
    directory = root.resolve("sha256");
  }

  /** Copies a module here while hashing it. The caller's channel is read to its end and not closed. */
  Stored add(FileChannel from, long mostBytes) throws IOException {
    Files.createDirectories(directory);
    Path unfinished = Files.createTempFile(directory, "pull-", UNFINISHED);
    try {
      Stored stored = copy(from, unfinished, mostBytes);
      Files.setPosixFilePermissions(unfinished, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_READ));
      Files.move(unfinished, path(stored.id()), StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
      return stored;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static Stored copy(FileChannel from, Path to, long mostBytes) throws IOException {
    try (FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      Stored stored = hash(from, mostBytes, out);
      out.force(true);
      return stored;
    }
  }

  /** Hashes a module that is not copied. */
  static Stored hash(FileChannel from, long mostBytes) throws IOException {
    return hash(from, mostBytes, null);
  }

  private static Stored hash(FileChannel from, long mostBytes, FileChannel copy) throws IOException {
    MessageDigest digest = sha256();
    long size = 0;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    while (from.read(chunk.clear()) >= 0) {
      chunk.flip();
      size += chunk.remaining();
      if (size > mostBytes) {
        throw new TooLarge("more than " + mostBytes + " bytes");
      }
      digest.update(chunk.duplicate());
      while (copy != null && chunk.hasRemaining()) {
        copy.write(chunk);
      }
    }
    return new Stored("sha256:" + HexFormat.of().formatHex(digest.digest()), size);
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Where the module is, if it is here. */
  Optional<Path> file(String id) {
    return ID.matcher(id).matches() && Files.isRegularFile(path(id), LinkOption.NOFOLLOW_LINKS) ? Optional.of(path(id))
        : Optional.empty();
  }

  private Path path(String id) {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(id);
    }
    return directory.resolve(matcher.group(1) + ".wasm");
  }

  /** All modules; their references are their ids. */
  List<ImageInfo> list() throws IOException {
    List<ImageInfo> images = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          String id = "sha256:" + matcher.group(1);
          images.add(new ImageInfo(new ImageRef(id, id), Files.size(file)));
        }
      }
    } catch (NoSuchFileException e) {
      return images;
    }
    return images;
  }

  void remove(String id) throws IOException {
    if (ID.matcher(id).matches()) {
      Files.deleteIfExists(path(id));
    }
  }

  /** Removes what an earlier run did not finish; nobody may be adding. */
  int removeUnfinished() throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "pull-*" + UNFINISHED)) {
      for (Path file : files) {
        removed += Files.deleteIfExists(file) ? 1 : 0;
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    return removed;
  }
}

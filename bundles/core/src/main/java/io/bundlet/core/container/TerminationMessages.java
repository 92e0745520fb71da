package io.bundlet.core.container;

import io.bundlet.api.runtime.Exit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What containers leave as their last words: in a file that is mounted into them, or in their log. What stands there
 * comes from a guest: it is bounded, and no link is followed.
 */
public final class TerminationMessages {
  /** All containers of a pod together may leave this many bytes. */
  public static final int POD_BYTES = 12_288;
  /** This much is read of a file: its end, as in Kubernetes. */
  static final int FILE_BYTES = 4096;
  /** This much of a log stands for an empty file. */
  static final int LOG_BYTES = 2048;

  static final int LOG_LINES = 80;
  private static final int LOG_TAIL_BYTES = 64 << 10;
  private static final String DIRECTORY = "containers";
  private static final Logger LOG = LoggerFactory.getLogger(TerminationMessages.class);

  private TerminationMessages() {}

  /** Where the files of this container are. @param pod the pod's directory */
  static Path directory(Path pod, String container) {
    return pod.resolve(DIRECTORY).resolve(container);
  }

  /** Makes an empty file that everybody may write. @return its name */
  static String make(Path directory) throws IOException {
    Files.createDirectories(directory);
    String name = "%08x".formatted(ThreadLocalRandom.current().nextInt());
    Path file = Files.createFile(directory.resolve(name));
    // Not at the creation, where the umask takes some of them away.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    return name;
  }

  /**
   * The exit with what the container has left for people.
   *
   * @param how the exit as its runtime tells it
   * @param file the container's file
   * @param log the container's log; null: it does not stand for an empty file
   * @param limit how many bytes the whole may have
   */
  static Exit with(Exit how, Path file, Path log, int limit) {
    String words = words(file);
    if (words.isEmpty() && log != null && how.code() != 0 && !how.reason().equals(Creating.CONTAINER_CANNOT_RUN)) {
      words = lastOf(log);
    }
    String whole =
        how.message().isEmpty() || words.isEmpty() ? how.message() + words : how.message() + ": " + words;
    String cut = cut(whole, limit);
    return cut.equals(how.message()) ? how : new Exit(how.code(), how.reason(), cut, how.finishedAt());
  }

  private static String words(Path file) {
    try {
      return file == null ? "" : text(read(file, Math.max(0, Files.size(file) - FILE_BYTES), FILE_BYTES));
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException failed) {
      return "the termination message cannot be read: " + failed;
    }
  }

  private static String lastOf(Path log) {
    try {
      long size = Files.size(log);
      byte[] tail = read(log, Math.max(0, size - LOG_TAIL_BYTES), LOG_TAIL_BYTES);
      return LogTail.of(tail, LOG_LINES, LOG_BYTES);
    } catch (IOException failed) {
      LOG.debug("{} has no last lines: {}", log, failed.toString());
      return "";
    }
  }

  private static byte[] read(Path file, long from, int most) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer buffer = ByteBuffer.allocate(most);
      channel.position(from);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until it is full or the file ends
      }
      byte[] bytes = new byte[buffer.position()];
      buffer.flip().get(bytes);
      return bytes;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The text's first bytes, up to the last whole character. */
  static String cut(String text, int limit) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= limit) {
      return text;
    }
    int end = limit;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Removes the file of an instance whose end is remembered. */
  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      LOG.debug("{} stays until its pod goes: {}", file, failed.toString());
    }
  }
}

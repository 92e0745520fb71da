package io.bundlet.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What a tree takes on its file system. Somebody may be changing it meanwhile; links are counted and not followed,
 * files with several names once. Trees that nobody nests by accident are not measured.
 *
 * @param bytes in blocks that are taken
 * @param inodes files, directories and links
 */
public record TreeSize(long bytes, long inodes) {
  private static final int DEEPEST = 512;

  /** The tree is nested too deeply to be measured. */
  public static final class TooDeep extends IOException {
    private static final long serialVersionUID = 1;

    TooDeep(Path root) {
      super(root + " is nested deeper than " + DEEPEST + " directories");
    }
  }

  /**
   * Looks at every file. @throws TooDeep for trees that are; @throws IOException also when the thread is interrupted
   */
  public static TreeSize of(Path root) throws IOException {
    try (FileHandle top = FileHandle.directory(root)) {
      Walk walk = new Walk(root, top.status().device());
      walk.add(top, 0);
      return new TreeSize(walk.bytes, walk.seen.size());
    }
  }

  private static final class Walk {
    private final Set<Long> seen = new HashSet<>();
    private final Path root;
    private final long device;
    private long bytes;

    Walk(Path root, long device) {
      this.root = root;
      this.device = device;
    }

    void add(FileHandle file, int depth) throws IOException {
      if (depth > DEEPEST) {
        throw new TooDeep(root);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted");
      }
      FileStatus status = file.status();
      // what is mounted in it is not a part of it
      if (status.device() != device || !seen.add(status.inode())) {
        return;
      }
      bytes += status.blocks();
      if (!status.directory()) {
        return;
      }
      try (DirectoryStream<Path> all = Files.newDirectoryStream(file.path())) {
        for (Path entry : all) {
          try (FileHandle child = file.child(entry.getFileName().toString(), FileHandle.PATH)) {
            add(child, depth + 1);
          } catch (LinuxFailure gone) {
            if (gone.errno() != LinuxFailure.ENOENT) {
              throw gone;
            }
          }
        }
      } catch (NoSuchFileException gone) {
        return;
      } catch (DirectoryIteratorException | UncheckedIOException failed) {
        throw new IOException(failed.getMessage(), failed);
      }
    }
  }
}

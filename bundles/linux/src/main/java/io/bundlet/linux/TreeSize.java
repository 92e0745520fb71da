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
 * files with several names once. Trees that nobody nests or fills so by accident are not measured.
 *
 * @param bytes in blocks that are taken
 * @param inodes files, directories and links
 */
public record TreeSize(long bytes, long inodes) {
  private static final int DEEPEST = 512;
  /** Half a minute's work, or more; what is remembered of files with several names is some 64 bytes each. */
  private static final int MOST_FILES = 4_000_000;
  private static final int MOST_LINKED = 250_000;

  /** Whoever made the tree has seen to it that it cannot be measured. */
  public static final class Unmeasurable extends IOException {
    private static final long serialVersionUID = 1;

    Unmeasurable(String why) {
      super(why);
    }
  }

  /** Where the walk gives up. */
  record Bounds(int depth, int files, int linked) {}

  /**
   * Looks at every file. @throws Unmeasurable for trees that are; @throws IOException also when the thread is
   * interrupted
   */
  public static TreeSize of(Path root) throws IOException {
    return of(root, new Bounds(DEEPEST, MOST_FILES, MOST_LINKED));
  }

  static TreeSize of(Path root, Bounds bounds) throws IOException {
    try (FileHandle top = FileHandle.directory(root)) {
      Walk walk = new Walk(root, top.status().device(), bounds);
      walk.add(top, 0);
      return new TreeSize(walk.bytes, walk.inodes);
    }
  }

  private static final class Walk {
    /** Files with several names, by inode; the others are met once anyway. */
    private final Set<Long> linked = new HashSet<>();
    private final Path root;
    private final long device;
    private final Bounds bounds;
    private long bytes;
    private long inodes;
    private long entries;

    Walk(Path root, long device, Bounds bounds) {
      this.root = root;
      this.device = device;
      this.bounds = bounds;
    }

    void add(FileHandle file, int depth) throws IOException {
      if (depth > bounds.depth) {
        throw new Unmeasurable(root + " is nested deeper than " + bounds.depth + " directories");
      }
      // names, not inodes: whoever links one file a million times is met, too
      if (++entries > bounds.files) {
        throw new Unmeasurable(root + " holds more than " + bounds.files + " files");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted");
      }
      FileStatus status = file.status();
      // what is mounted in it is not a part of it
      if (status.device() != device || !status.directory() && status.names() > 1 && !linked.add(status.inode())) {
        return;
      }
      if (linked.size() > bounds.linked) {
        throw new Unmeasurable(root + " holds more than " + bounds.linked + " files with several names");
      }
      bytes += status.blocks();
      inodes++;
      if (status.directory()) {
        addAll(file, depth);
      }
    }

    private void addAll(FileHandle directory, int depth) throws IOException {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.path())) {
        for (Path entry : all) {
          try (FileHandle child = directory.child(entry, FileHandle.PATH)) {
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

package io.bundlet.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Removes a tree that somebody hostile has made and may still be changing: follows no link, goes into nothing that is
 * mounted, and is not ended by trees that are very deep.
 */
public final class Removal {
  /** Each level is an open file; what lies deeper is moved up first. */
  private static final int DEPTH = 64;

  private static final int MOST_PASSES = 10_000;

  private final SecureDirectoryStream<Path> top;
  private final int pass;
  private long removed;
  private long moved;
  private IOException failure;

  private Removal(SecureDirectoryStream<Path> top, int pass) {
    this.top = top;
    this.pass = pass;
  }

  /** Removes the tree; what is gone already is gone. @throws IOException when something is mounted in it, too */
  public static void tree(Path root) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(root);
      return;
    }
    List<Path> mounted = Mounts.below(root);
    if (!mounted.isEmpty()) {
      throw new IOException(mounted.getFirst() + " is still mounted");
    }
    try (DirectoryStream<Path> above = Files.newDirectoryStream(root.toAbsolutePath().getParent(), name -> false)) {
      if (!(above instanceof SecureDirectoryStream<Path> parent)) {
        throw new IOException(root + " cannot be removed safely: the platform has no calls relative to directories");
      }
      tree(parent, root.getFileName());
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  private static void tree(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    for (int pass = 0; ; pass++) {
      // a stream shows each name once, so what was moved up or made meanwhile needs another look
      try (SecureDirectoryStream<Path> opened = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        Removal removal = new Removal(opened, pass);
        removal.empty(opened, 0);
        if (removal.removed + removal.moved == 0 && removal.failure != null || pass >= MOST_PASSES) {
          throw removal.failure == null ? new IOException(name + " is being filled while it is removed")
              : removal.failure;
        }
      } catch (DirectoryIteratorException failed) {
        throw failed.getCause();
      }
      try {
        parent.deleteDirectory(name);
        return;
      } catch (DirectoryNotEmptyException again) {
        continue;
      }
    }
  }

  private void empty(SecureDirectoryStream<Path> directory, int depth) {
    for (Path entry : directory) {
      Path name = entry.getFileName();
      try {
        remove(directory, name, depth);
        removed++;
      } catch (NoSuchFileException | DirectoryNotEmptyException changed) {
        // somebody was faster, or what is deeper could not be removed and has said why
        continue;
      } catch (IOException failed) {
        failure = failed;
      }
    }
  }

  private void remove(SecureDirectoryStream<Path> directory, Path name, int depth) throws IOException {
    if (!attributes(directory, name).isDirectory()) {
      directory.deleteFile(name);
    } else if (depth >= DEPTH) {
      directory.move(name, top, Path.of("..up-" + pass + "-" + moved));
      moved++;
    } else {
      try (SecureDirectoryStream<Path> below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        empty(below, depth + 1);
      }
      directory.deleteDirectory(name);
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name) throws IOException {
    return directory.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }
}

package io.bundlet.core.volume;

import io.bundlet.linux.Mounts;
import io.bundlet.linux.Removal;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the directories of pods that the node does not know: what a node without its memory, or one of before this
 * version, has left. As in Kubernetes, a directory stays in which anything is mounted. What is to be removed first gets
 * another name, so that a pod of the same uid that comes meanwhile begins with nothing.
 */
public final class OrphanDirectories {
  /** At each start of the node; the rest follows at the next. */
  static final int MOST = 1000;
  private static final String REMOVED = ".removed-";
  private static final Logger LOG = LoggerFactory.getLogger(OrphanDirectories.class);

  /** Who knows the pods. */
  @FunctionalInterface
  public interface Pods {
    /** Does it unless there is a pod of this uid, or one may come before it is done. */
    void unlessKnown(String uid, Rename rename) throws IOException;
  }

  /** Gives a directory another name; returns at once. */
  @FunctionalInterface
  public interface Rename {
    void run() throws IOException;
  }

  private final Path pods;
  private final Path logs;

  /** @param pods has a directory a pod, by uid @param logs has one by namespace, name and uid */
  public OrphanDirectories(Path pods, Path logs) {
    this.pods = pods;
    this.logs = logs;
  }

  /** Removes them; blocks for as long as that takes. What fails is left for the next start. */
  public void remove(Pods known) {
    for (Path root : List.of(pods, logs)) {
      int left = MOST;
      for (Path directory : below(root)) {
        if (left-- == 0) {
          LOG.warn("{} holds more than {} directories of pods that are not known; the rest goes at the next start",
              root, MOST);
          break;
        }
        try {
          remove(directory, known);
        } catch (IOException | RuntimeException failed) {
          LOG.warn("{} belongs to no pod of this node and cannot be removed: {}", directory, failed.toString());
        }
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    }
  }

  private static List<Path> below(Path root) {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(root, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      entries.forEach(all::add);
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException | DirectoryIteratorException failed) {
      LOG.warn("{} cannot be looked through: {}", root, failed.toString());
    }
    return all;
  }

  private static void remove(Path directory, Pods known) throws IOException {
    String name = directory.getFileName().toString();
    if (name.startsWith(REMOVED)) {
      Removal.tree(directory);
      return;
    }
    Path away = directory.resolveSibling(REMOVED + name);
    known.unlessKnown(name.substring(name.lastIndexOf('_') + 1), () -> {
      List<Path> mounted = Mounts.below(directory);
      if (!mounted.isEmpty()) {
        throw new IOException(mounted.getFirst() + " is mounted");
      }
      Files.move(directory, away);
    });
    if (Files.isDirectory(away, LinkOption.NOFOLLOW_LINKS)) {
      LOG.warn("{} belongs to no pod of this node and is removed", directory);
      Removal.tree(away);
    }
  }
}

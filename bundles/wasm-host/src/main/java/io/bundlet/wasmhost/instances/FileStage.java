package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.linux.FileHandle;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.Mounts;
import io.bundlet.linux.Removal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows single files to guests, which can be given directories only: for each directory of the guest that holds such
 * files one is made in which they are, as a second name of the file where that is possible and mounted there else.
 * What is shown is what was there when the guest was started, whatever becomes of its path. Each life of the host has
 * a place of its own.
 */
final class FileStage {
  private static final Logger LOG = LoggerFactory.getLogger(FileStage.class);
  private static final String PREFIX = "files-";

  private final String own =
      PREFIX + ProcessHandle.current().pid() + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private volatile Path directory;

  FileStage(Path directory) {
    this.directory = directory;
  }

  /** Where further files are shown. */
  void directory(Path path) {
    directory = path;
  }

  /**
   * The mounts as directories. What was made for an earlier try is made anew.
   *
   * @param who names the container in failures
   */
  List<Mount> stage(String who, ContainerId container, List<Mount> mounts) throws ProviderFailure {
    List<Mount> directories = new ArrayList<>();
    Map<String, List<Mount>> files = new TreeMap<>();
    for (Mount mount : mounts) {
      if (Files.isRegularFile(mount.hostPath())) {
        files.computeIfAbsent(parent(who, mount), path -> new ArrayList<>()).add(mount);
      } else {
        directories.add(mount);
      }
    }
    if (files.isEmpty()) {
      return mounts;
    }
    unstage(container);
    // What is made here covers nothing: the directory of a file may be within that of another one.
    List<Mount> given = List.copyOf(directories);
    int number = 0;
    for (Map.Entry<String, List<Mount>> entry : files.entrySet()) {
      String parent = entry.getKey();
      covered(who, parent, entry.getValue().getFirst(), given);
      boolean readOnly = entry.getValue().stream().allMatch(Mount::readOnly);
      Path stage = place(container).resolve(String.valueOf(number++));
      for (Mount mount : entry.getValue()) {
        show(who, mount, stage, mount.readOnly() && !readOnly);
      }
      directories.add(new Mount(parent, stage, readOnly));
    }
    return directories;
  }

  private static String parent(String who, Mount mount) throws ProviderFailure {
    Path path = Path.of(mount.containerPath()).normalize();
    if (!path.isAbsolute() || path.getParent() == null) {
      throw invalid(who, mount, "is a file and cannot be seen there; give it an absolute path of its own");
    }
    return path.getParent().toString();
  }

  /** A guest sees one thing at a path: a file cannot stand in a directory that is somebody else's. */
  private static void covered(String who, String parent, Mount file, List<Mount> directories) throws ProviderFailure {
    for (Mount directory : directories) {
      if (Path.of(parent).startsWith(Path.of(directory.containerPath()).normalize())) {
        throw invalid(
            who, file, "a WASI guest cannot see a single file within the directory that is mounted at "
                + directory.containerPath() + "; mount it elsewhere");
      }
    }
  }

  private static void show(String who, Mount mount, Path stage, boolean byMount) throws ProviderFailure {
    Path at = stage.resolve(Path.of(mount.containerPath()).normalize().getFileName());
    try (FileHandle file = FileHandle.open(mount.hostPath())) {
      Files.createDirectories(stage);
      if (!file.status().regular()) {
        throw invalid(who, mount, mount.hostPath() + " is no regular file");
      }
      if (byMount || !linked(file, at)) {
        Files.createFile(at);
        Mounts.bind(file, at, mount.readOnly());
      }
    } catch (LinuxFailure failed) {
      boolean root = failed.errno() == LinuxFailure.EPERM;
      throw ProviderFailure.of(
          root ? ProviderFailure.DENIED : ProviderFailure.UNAVAILABLE,
          who + ": mount " + mount.containerPath() + ": " + failed.getMessage()
              + (root ? "; only root may mount a single file: run the node as root" : ""), failed)
          .withReason("FailedMount");
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, who + ": mount " + mount.containerPath() + " cannot be shown: " + failed,
              failed);
    }
  }

  /** Gives the file a second name; not possible from one file system to another, or of files of others. */
  private static boolean linked(FileHandle file, Path at) {
    try {
      file.link(at);
      return true;
    } catch (LinuxFailure elsewhere) {
      LOG.debug("{} is mounted instead: {}", at, elsewhere.getMessage());
      return false;
    }
  }

  private static ProviderFailure invalid(String who, Mount mount, String why) {
    return ProviderFailure.of(ProviderFailure.INVALID, who + ": mount " + mount.containerPath() + ": " + why);
  }

  /** Takes away what the container was shown. */
  void unstage(ContainerId container) {
    remove(place(container));
  }

  /** What is made for this container is made below this. */
  Path place(ContainerId container) {
    return directory.resolve(own).resolve(container.value());
  }

  /** Takes away what processes that are gone have left, and this process's earlier lives. Blocks. */
  void clearStale() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*-*")) {
      for (Path old : found) {
        if (!old.getFileName().toString().equals(own) && Outputs.stale(old)) {
          remove(old);
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not there yet", directory);
    } catch (IOException e) {
      LOG.warn("{} cannot be cleared of what guests were shown: {}", directory, e.toString());
    }
  }

  /** Takes everything away. */
  void close() {
    remove(directory.resolve(own));
  }

  private static void remove(Path tree) {
    try {
      Mounts.unmountAll(tree);
      Removal.tree(tree);
    } catch (IOException e) {
      LOG.warn("what a guest was shown remains in {}: {}", tree, e.toString());
    }
  }
}

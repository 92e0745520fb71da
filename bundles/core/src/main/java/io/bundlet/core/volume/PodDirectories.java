package io.bundlet.core.volume;

import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.linux.Mounts;
import io.bundlet.linux.Removal;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories that the node has for each pod, laid out as the Kubernetes kubelet's.
 *
 * @param root has one directory a pod, by uid
 */
public record PodDirectories(Path root) {
  private static final String VOLUMES = "volumes";
  private static final String PLUGINS = "plugins";
  private static final String SUB_PATHS = "volume-subpaths";

  /** The directory of a pod. */
  public Path of(String uid) {
    return root.resolve(single(uid));
  }

  /** The same, made if need be; only the node's own user and group get into it. */
  public Path make(String uid) throws IOException {
    return Files.createDirectories(
        of(uid), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
  }

  /** What is set aside for a volume. @param plugin as drivers name it */
  public VolumePlace place(String plugin, VolumeId volume) {
    String directory = plugin.replace('/', '~');
    Path pod = of(volume.pod().uid());
    return new VolumePlace(
        volume,
        pod.resolve(VOLUMES).resolve(single(directory)).resolve(single(volume.name())),
        pod.resolve(PLUGINS).resolve(directory).resolve(volume.name()));
  }

  /** Where a part of a volume is shown to a container, as its mount of this number. */
  Path subPath(VolumeId volume, String container, int index) {
    return of(volume.pod().uid()).resolve(SUB_PATHS).resolve(single(volume.name()))
        .resolve(single(container)).resolve(String.valueOf(index));
  }

  /** Whoever has checked these names before: none of them leads to another directory. */
  private static String single(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a directory");
    }
    return name;
  }

  /** Takes away all parts of volumes that are shown to the pod's containers, which have ended. */
  public void removeSubPaths(String uid) throws IOException {
    Path shown = of(uid).resolve(SUB_PATHS);
    Mounts.unmountAll(shown);
    Removal.tree(shown);
  }

  /** Removes the pod's directory, unless a volume is left in it. */
  public void remove(String uid) throws IOException {
    removeSubPaths(uid);
    boolean volumesAreGone = prune(of(uid).resolve(VOLUMES));
    prune(of(uid).resolve(PLUGINS));
    if (volumesAreGone) {
      Removal.tree(of(uid));
    }
  }

  /** Removes what is empty below this directory, and it itself. @return whether it is gone */
  private static boolean prune(Path directory) throws IOException {
    List<Path> below = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      all.forEach(below::add);
    } catch (NoSuchFileException gone) {
      return true;
    }
    for (Path plugin : below) {
      try {
        Files.delete(plugin);
      } catch (DirectoryNotEmptyException used) {
        return false;
      }
    }
    Files.delete(directory);
    return true;
  }
}

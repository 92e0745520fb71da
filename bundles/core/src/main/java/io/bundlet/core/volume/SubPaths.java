package io.bundlet.core.volume;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.linux.Beneath;
import io.bundlet.linux.FileHandle;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.Mounts;
import io.bundlet.linux.Removal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Shows a part of a volume to a container. The pod may exchange the part's path for a link at any moment, so it is
 * found below the volume without ever being led out, held, and what is held is mounted at a path that is the node's
 * own.
 *
 * @param directories where that is
 */
public record SubPaths(PodDirectories directories) {
  /** The reason word of a container that cannot be described, as in Kubernetes' kubelet. */
  private static final String REASON = "CreateContainerConfigError";

  /**
   * Mounts the part; what an earlier container with this mount was shown is taken away. A part that is missing is
   * made, as a directory with the permissions of the volume.
   *
   * @param root where the volume is
   * @param subPath relative, without {@code ..}
   * @param index the number of the mount in the container
   * @return the directory or file to be mounted
   */
  public Path show(VolumeId volume, Path root, String subPath, String container, int index) throws ProviderFailure {
    String what = "container " + container + ": volumeMounts[" + index + "].subPath: \"" + subPath + "\" of volume \""
        + volume.name() + "\"";
    if (subPath.startsWith("/") || subPath.indexOf('\0') >= 0 || Arrays.asList(subPath.split("/")).contains("..")) {
      throw ProviderFailure.of(ProviderFailure.DENIED, what + " must be a relative path without "
          + "\"..\"").withReason(REASON);
    }
    Path at = directories.subPath(volume, container, index);
    try (FileHandle whole = FileHandle.directory(root);
        FileHandle part = new Beneath(whole).findOrMakeDirectory(subPath, whole.status().permissions())) {
      directories.make(volume.pod().uid());
      Mounts.unmountAll(at);
      Removal.tree(at);
      Files.createDirectories(at.getParent());
      if (part.status().directory()) {
        Files.createDirectory(at);
      } else {
        Files.createFile(at);
      }
      Mounts.bind(part, at, false);
      return at;
    } catch (LinuxFailure failed) {
      throw failure(what, failed);
    } catch (IOException failed) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, what + " cannot be shown: " + failed,
          failed).withReason(REASON);
    }
  }

  private static ProviderFailure failure(String what, LinuxFailure failed) {
    return switch (failed.errno()) {
      case LinuxFailure.EXDEV -> ProviderFailure.of(
          ProviderFailure.DENIED, what + " leads out of the volume by a link; links may lead to what is in the "
              + "volume only",
          failed).withReason(REASON);
      case LinuxFailure.EPERM -> ProviderFailure.of(
          ProviderFailure.DENIED, what + " cannot be mounted: only root may mount; run the node as root, or mount "
              + "the whole "
              + "volume", failed).withReason("FailedMount");
      default -> ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, what + " cannot be shown: " + failed.getMessage(), failed).withReason(REASON);
    };
  }
}

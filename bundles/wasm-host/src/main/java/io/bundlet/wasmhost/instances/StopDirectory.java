package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.GuestSpec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that a guest sees, cannot write, and in which a file is made when the guest is asked to stop: it has no
 * signals.
 *
 * @param who names the container in failures
 * @param mount what the guest sees of it
 */
record StopDirectory(String who, Mount mount) {
  private static final Logger LOG = LoggerFactory.getLogger(StopDirectory.class);

  /**
   * Makes one, empty.
   *
   * @param path where the guest sees it
   * @param place where it is made
   * @param others what else the guest sees: a directory of theirs must neither hold this one nor lie in it
   */
  static StopDirectory make(String who, String path, Path place, List<Mount> others) throws ProviderFailure {
    Path at = Path.of(path).normalize();
    for (Mount other : others) {
      Path there = Path.of(other.containerPath()).normalize();
      if (at.startsWith(there) || there.startsWith(at)) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            who + ": the directory " + path + " that tells of a stop cannot be seen beside " + other.containerPath()
                + ", which is mounted; choose one that is neither within the other");
      }
    }
    Path directory = place.resolve("stop");
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(GuestSpec.STOP_FILE)); // of a start that has failed
    } catch (IOException e) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, who + ": the directory " + path + " cannot be made: " + e, e);
    }
    return new StopDirectory(who, new Mount(path, directory, true));
  }

  /** From now on the file is there. Any thread, more than once; returns when it is seen. */
  void tell() {
    try {
      Files.createFile(mount.hostPath().resolve(GuestSpec.STOP_FILE));
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is told once more that it is to stop", who);
    } catch (IOException e) {
      LOG.warn("{} is not told that it is to stop: {}", who, e.toString());
    }
  }
}

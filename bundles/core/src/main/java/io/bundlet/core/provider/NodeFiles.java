package io.bundlet.core.provider;

import io.bundlet.api.runtime.FileMounts;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Whether a container can be given a file of the node's own, beside what its manifest mounts. */
public final class NodeFiles {
  private NodeFiles() {}

  /**
   * Whether it can be at this path.
   *
   * @param part what the provider can do with single files; empty: nothing
   * @param others where in the container something else is mounted
   */
  public static boolean possible(Optional<FileMounts> part, String path, Collection<String> others) {
    if (part.isEmpty()) {
      return false;
    }
    Path at = Path.of(path).normalize();
    return others.stream()
        .map(other -> Path.of(other).normalize())
        .noneMatch(other -> other.equals(at) || !part.get().nested() && at.startsWith(other));
  }
}

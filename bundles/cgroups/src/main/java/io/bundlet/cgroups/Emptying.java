package io.bundlet.cgroups;

import java.io.IOException;
import java.nio.file.Path;

/** Removes a group with all in it, as far as nothing lives there. */
final class Emptying {
  /** Containers may have made groups of their own. */
  private static final int DEEPEST = 32;

  private Emptying() {}

  /** @return whether it is gone */
  static boolean remove(GroupFiles files, Path group) throws IOException {
    return remove(files, group, 0);
  }

  private static boolean remove(GroupFiles files, Path group, int depth) throws IOException {
    if (depth > DEEPEST) {
      return false;
    }
    for (Path child : files.children(group)) {
      remove(files, child, depth + 1);
    }
    return files.remove(group);
  }
}

package io.bundlet.cgroups;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** In version 2 a group's controllers work in the groups in it only if it says so. */
final class Delegation {
  private Delegation() {}

  /** Has these work in the groups in this one. @throws IOException when the kernel refuses one of them */
  static void give(GroupFiles files, Path group, List<String> controllers) throws IOException {
    Path file = group.resolve("cgroup.subtree_control");
    List<String> given = List.of(files.read(file).split(" "));
    for (String controller : controllers) {
      if (!given.contains(controller)) {
        files.write(file, "+" + controller);
      }
    }
  }
}

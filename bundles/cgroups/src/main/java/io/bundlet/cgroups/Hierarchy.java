package io.bundlet.cgroups;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tree of groups that is mounted.
 *
 * @param top where
 * @param unified whether it is version 2
 * @param controllers what it can limit
 * @param own the path of this process' group in it, such as {@code /}; empty when it cannot be reached
 */
record Hierarchy(Path top, boolean unified, Set<String> controllers, String own) {
  private static final int MOST = 64;

  Hierarchy {
    controllers = Set.copyOf(controllers);
  }

  /** The hierarchies of this process. @param root below which {@code proc} is; mounts are below it, too */
  static List<Hierarchy> read(GroupFiles files, Path root) throws IOException {
    Map<String, String> own = own(files.read(root.resolve("proc/self/cgroup")));
    List<Hierarchy> all = new ArrayList<>();
    for (String line : files.read(root.resolve("proc/self/mountinfo")).split("\n")) {
      // 36 35 98:0 / /sys/fs/cgroup/cpu rw,relatime shared:1 - cgroup cgroup rw,cpu
      String[] halves = line.split(" - ", 2);
      String[] left = halves[0].split(" ");
      String[] right = halves.length < 2 ? new String[0] : halves[1].split(" ");
      if (left.length < 5 || right.length < 3 || !right[0].startsWith("cgroup") || all.size() >= MOST) {
        continue;
      }
      Path top = root.resolve(left[4].substring(1));
      boolean wholeTree = left[3].equals("/");
      if (right[0].equals("cgroup2")) {
        String mine = wholeTree ? reachable(own.get("")) : "";
        all.add(new Hierarchy(top, true, words(text(files, top.resolve("cgroup.controllers"))), mine));
      } else if (right[0].equals("cgroup")) {
        Set<String> controllers = new TreeSet<>(own.keySet());
        controllers.retainAll(Set.of(right[2].split(",")));
        String mine = controllers.isEmpty() || !wholeTree ? "" : reachable(own.get(controllers.iterator().next()));
        all.add(new Hierarchy(top, false, controllers, mine));
      }
    }
    return all;
  }

  /** By controller; the one of version 2 has the empty name. */
  private static Map<String, String> own(String lines) {
    Map<String, String> own = new LinkedHashMap<>();
    for (String line : lines.split("\n")) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        for (String controller : parts[1].split(",")) {
          own.put(controller, parts[2]);
        }
      }
    }
    return own;
  }

  /** A path with .. is a group outside of the process' own namespace. */
  private static String reachable(String path) {
    return path == null || !path.startsWith("/") || (path + "/").contains("/../") ? "" : path;
  }

  private static Set<String> words(String text) {
    return new TreeSet<>(List.of(text.isBlank() ? new String[0] : text.strip().split(" +")));
  }

  private static String text(GroupFiles files, Path file) {
    try {
      return files.read(file);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** This process' own group. */
  Path ownGroup() {
    return top.resolve(own.substring(1));
  }

  boolean has(String controller) {
    return controllers.contains(controller);
  }
}

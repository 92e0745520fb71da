package io.bundlet.testkit.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The kernel's control groups of the tests' nodes, as they can be seen from outside. */
public final class ControlGroups {
  private static final Path MOUNTED = Path.of("/sys/fs/cgroup");
  /** Nodes that were killed and may have left groups. */
  private static final Set<String> LEFT = ConcurrentHashMap.newKeySet();

  private ControlGroups() {}

  /** The groups of this path in all hierarchies. */
  public static List<Path> of(String path) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      Path group = hierarchy.resolve(path.substring(1));
      if (Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
        found.add(group);
      }
    }
    return found;
  }

  /** Has a group, and those in it, come before the rest of the machine, so that nothing but limits is in its way. */
  public static void prefer(String path) throws IOException {
    preferAlone(path);
    for (Path group : of(path)) {
      for (Path child : children(group)) {
        prefer(path + "/" + child.getFileName());
      }
    }
  }

  /** The same for the group alone. */
  public static void preferAlone(String path) throws IOException {
    for (Path group : of(path)) {
      for (String setting : List.of("cpu.shares 65536", "cpu.weight 6400")) {
        Path file = group.resolve(setting.split(" ")[0]);
        if (Files.exists(file)) {
          Files.writeString(file, setting.split(" ")[1]);
        }
      }
    }
  }

  /** The group below which all groups of a node are; empty before it was started. */
  public static String ofNode(Path data) throws IOException {
    Path id = data.resolve("node-id");
    return Files.exists(id) ? "/bundlet-" + Files.readString(id).strip() : "";
  }

  /** Removes what nodes that were killed have left, as far as it is empty; the rest with the next call. */
  public static void removeLeft(Path data) throws IOException {
    String node = ofNode(data);
    if (!node.isEmpty()) {
      LEFT.add(node);
    }
    removeLeft();
  }

  /** The same for all nodes of before. */
  public static void removeLeft() throws IOException {
    for (String node : LEFT) {
      for (Path group : of(node)) {
        remove(group);
      }
      if (of(node).isEmpty()) {
        LEFT.remove(node);
      }
    }
  }

  private static void remove(Path group) throws IOException {
    for (Path child : children(group)) {
      remove(child);
    }
    try {
      Files.deleteIfExists(group);
    } catch (IOException busy) {
      return;
    }
  }

  private static List<Path> hierarchies() throws IOException {
    List<Path> all = new ArrayList<>(children(MOUNTED));
    all.add(MOUNTED);
    return all;
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      entries.forEach(all::add);
    }
    return all;
  }
}

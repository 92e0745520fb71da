package io.bundlet.cgroups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Control groups in a directory, with the kernel's rules as far as they matter here. */
final class FakeKernel implements GroupFiles {
  private static final Map<String, Map<String, String>> V1 =
      Map.of(
          "cpu", Map.of("cpu.shares", "1024", "cpu.cfs_period_us", "100000", "cpu.cfs_quota_us", "-1"),
          "memory", Map.of("memory.limit_in_bytes", "9223372036854771712"),
          "pids", Map.of(), "devices", Map.of());

  final Path root;
  final Path groups;
  /** Where each thread or process is. */
  final Map<String, Path> lives = new HashMap<>();
  /** Whether the process may make no groups. */
  boolean readOnly;
  /** Every write that was let through. */
  final List<String> writes = new ArrayList<>();
  private final KernelFiles files = new KernelFiles();
  private final List<String> mounts = new ArrayList<>();
  private final List<String> own = new ArrayList<>();

  FakeKernel(Path root) throws IOException {
    this.root = root;
    this.groups = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.createDirectories(root.resolve("proc/self"));
    mount("31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755");
  }

  /** Mounts a hierarchy of version 1; the process is in the group of this path. */
  FakeKernel v1(String controller, String process) throws IOException {
    Path top = Files.createDirectories(groups.resolve(controller));
    own.add((own.size() + 1) + ":" + controller + ":" + process);
    mount("32 31 0:29 / /sys/fs/cgroup/" + controller + " rw,relatime shared:1 - cgroup cgroup rw," + controller);
    settings(top);
    below(top, process);
    return this;
  }

  /** Mounts the one of version 2. */
  FakeKernel v2(Path relative, Set<String> controllers, String process) throws IOException {
    Path top = Files.createDirectories(groups.resolve(relative));
    own.add("0::" + process);
    mount("41 31 0:38 / " + ("/sys/fs/cgroup/" + relative).replaceAll("/$", "") + " rw - cgroup2 cgroup2 rw");
    Files.writeString(top.resolve("cgroup.controllers"), String.join(" ", controllers) + "\n");
    Files.writeString(top.resolve("cgroup.subtree_control"), process.equals("/") ? "\n"
        : String.join(" ", controllers) + "\n");
    Files.writeString(top.resolve("cgroup.threads"), "");
    below(top, process);
    // Who started the process has handed the controllers down to its group.
    for (Path above = top; !above.equals(top.resolve(process.substring(1))); ) {
      for (String controller : controllers) {
        give(above, controller);
      }
      above = above.resolve(top.resolve(process.substring(1)).getName(above.getNameCount()));
    }
    return this;
  }

  private void below(Path top, String path) throws IOException {
    Path group = top;
    for (Path name : Path.of("/").relativize(Path.of(path))) {
      if (!name.toString().isEmpty() && !path.contains("..")) {
        group = group.resolve(name);
        make(group);
      }
    }
  }

  private void mount(String line) throws IOException {
    mounts.add(line);
    Files.write(root.resolve("proc/self/mountinfo"), mounts);
    Files.write(root.resolve("proc/self/cgroup"), own);
  }

  /** A setting of a group; the path is relative to where groups are mounted. */
  String get(String file) throws IOException {
    return read(groups.resolve(file));
  }

  boolean has(String group) {
    return exists(groups.resolve(group));
  }

  @Override
  public boolean exists(Path path) {
    return files.exists(path);
  }

  @Override
  public boolean writable(Path group) {
    return !readOnly;
  }

  @Override
  public String read(Path file) throws IOException {
    return files.read(file);
  }

  @Override
  public List<Path> children(Path group) throws IOException {
    return files.children(group);
  }

  @Override
  public void make(Path group) throws IOException {
    if (!exists(group)) {
      files.make(group);
      settings(group);
    }
  }

  private boolean unified(Path group) {
    return !V1.containsKey(groups.relativize(group).getName(0).toString());
  }

  private void settings(Path group) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    if (unified(group)) {
      Path above = group.getParent();
      String given = read(above.resolve("cgroup.subtree_control"));
      boolean threaded = exists(above.resolve("cgroup.type")) && !read(above.resolve("cgroup.type")).equals("domain")
          && !read(above.resolve("cgroup.type")).equals("domain threaded");
      all.put("cgroup.controllers", given);
      all.put("cgroup.subtree_control", "");
      all.put("cgroup.threads", "");
      all.put("cgroup.type", threaded ? "domain invalid" : "domain");
      given(all, given);
    } else {
      all.put("tasks", "");
      all.putAll(V1.get(groups.relativize(group).getName(0).toString()));
    }
    for (Map.Entry<String, String> each : all.entrySet()) {
      Files.writeString(group.resolve(each.getKey()), each.getValue() + "\n");
    }
  }

  private static void given(Map<String, String> all, String controllers) {
    if (controllers.contains("cpu")) {
      all.put("cpu.weight", "100");
      all.put("cpu.max", "max 100000");
    }
    if (controllers.contains("memory")) {
      all.put("memory.max", "max");
    }
  }

  @Override
  public void write(Path file, String text) throws IOException {
    Path group = file.getParent();
    switch (file.getFileName().toString()) {
      case "tasks" -> lives.put(text, group);
      case "cgroup.threads" -> {
        boolean root = !exists(group.resolve("cgroup.type"));
        if (!root && !read(group.resolve("cgroup.type")).endsWith("threaded")) {
          throw new IOException("Operation not supported");
        }
        lives.put(text, group);
      }
      case "cgroup.type" -> type(group, text);
      case "cgroup.subtree_control" -> give(group, text.substring(1));
      case "cpu.cfs_quota_us", "cpu.cfs_period_us" -> bandwidth(file, text);
      default -> files.write(file, text);
    }
    writes.add(groups.relativize(file) + " " + text);
  }

  private void type(Path group, String text) throws IOException {
    files.write(group.resolve("cgroup.type"), text);
    Path above = group.getParent().resolve("cgroup.type");
    if (exists(above) && read(above).equals("domain")) {
      files.write(above, "domain threaded");
    }
  }

  private void give(Path group, String controller) throws IOException {
    if (!List.of(read(group.resolve("cgroup.controllers")).split(" ")).contains(controller)) {
      throw new IOException("No such file or directory");
    }
    Set<String> given = new TreeSet<>(List.of((read(group.resolve("cgroup.subtree_control")) + " " + controller).strip()
        .split(" ")));
    Files.writeString(group.resolve("cgroup.subtree_control"), String.join(" ", given) + "\n");
    for (Path child : children(group)) {
      Files.writeString(child.resolve("cgroup.controllers"), String.join(" ", given) + "\n");
      Map<String, String> more = new HashMap<>();
      given(more, String.join(" ", given));
      for (Map.Entry<String, String> each : more.entrySet()) {
        if (!exists(child.resolve(each.getKey()))) {
          Files.writeString(child.resolve(each.getKey()), each.getValue() + "\n");
        }
      }
    }
  }

  /** A group may not have a larger part of the time than the one above it. */
  private void bandwidth(Path file, String text) throws IOException {
    String before = read(file);
    files.write(file, text);
    Path group = file.getParent();
    Path above = group.getParent();
    long period = Long.parseLong(read(group.resolve("cpu.cfs_period_us")));
    long quota = Long.parseLong(read(group.resolve("cpu.cfs_quota_us")));
    long periodAbove = exists(above.resolve("tasks")) ? Long.parseLong(read(above.resolve("cpu.cfs_period_us"))) : 1;
    long quotaAbove = exists(above.resolve("tasks")) ? Long.parseLong(read(above.resolve("cpu.cfs_quota_us"))) : -1;
    boolean tooMuch = quota >= 0 && quotaAbove >= 0 && (quota << 20) / period > (quotaAbove << 20) / periodAbove;
    if (tooMuch || period < 1000 || quota >= 0 && quota < 1000) {
      files.write(file, before);
      throw new IOException("Invalid argument");
    }
  }

  @Override
  public boolean remove(Path group) throws IOException {
    if (!exists(group)) {
      return true;
    }
    if (lives.containsValue(group) || !children(group).isEmpty()) {
      return false;
    }
    try (var all = Files.list(group)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
    return files.remove(group);
  }
}

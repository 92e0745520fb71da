package io.bundlet.e2e.faults;

import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.e2e.outside.Jvm;
import io.bundlet.testkit.containerd.Command;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.ControlGroups;
import io.bundlet.testkit.node.Mounts;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a node, its runtime and the kernel hold for pods, each thing in a line. What differs at the end from what there
 * was at the start was left behind, or has gone with what was taken away.
 */
final class Belongings {
  /** Threads of the node's own; what the JVM needs comes and goes with its load. */
  private static final Pattern OURS = Pattern.compile("(bundlet|cri)-.*");
  private static final Pattern SHIM = Pattern.compile(".*containerd-shim.*");

  private final Containerd containerd;
  private final NodeProcess node;

  Belongings(Containerd containerd, NodeProcess node) {
    this.containerd = containerd;
    this.node = node;
  }

  /** Everything, with how often it is there. */
  Map<String, Integer> now() throws IOException, InterruptedException {
    Map<String, Integer> all = things();
    for (String thread : new Jvm(node.pid()).allThreads(node.temporary().resolve("threads.json"))) {
      if (OURS.matcher(thread).matches()) {
        add(all, "thread " + thread);
      }
    }
    return all;
  }

  /** Everything but the node's threads, which costs much less. */
  Map<String, Integer> things() throws IOException {
    Map<String, Integer> all = new TreeMap<>();
    containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()
        .forEach(one -> add(all, "sandbox " + one.getMetadata().getName() + " " + one.getId() + " " + one.getState()));
    containerd.client().runtime().listContainers(ListContainersRequest.getDefaultInstance()).getContainersList()
        .forEach(one ->
        add(all, "container " + one.getMetadata().getName() + " " + one.getId() + " " + one.getState()));
    ctr("containers", "ls", "-q").forEach(line -> add(all, "containerd's container " + line));
    ctr("tasks", "ls", "-q").forEach(line -> add(all, "containerd's task " + line));
    ctr("snapshots", "ls").stream().filter(line -> line.endsWith("Active"))
        .forEach(line -> add(all, "containerd's snapshot " + line));
    Mounts.below(containerd.directory()).forEach(line -> add(all, "mount " + line));
    Mounts.below(node.data()).forEach(line -> add(all, "mount " + line));
    names(containerd.directory().resolve("state/io.containerd.grpc.v1.cri/netns"))
        .forEach(name -> add(all, "network namespace " + name));
    for (Path network : paths(containerd.directory().resolve("cni/ipam"))) {
      names(network).stream().filter(name -> name.matches("[0-9.]+")).forEach(name -> add(all, "address " + name));
    }
    for (Path group : ControlGroups.of(ControlGroups.ofNode(node.data()))) {
      try (Stream<Path> below = Files.walk(group)) {
        below.filter(Files::isDirectory).forEach(path -> add(all, "control group " + path));
      }
    }
    String socket = containerd.socket().toString();
    ProcessHandle.allProcesses().map(ProcessHandle::info)
        .filter(info -> SHIM.matcher(info.command().orElse("")).matches())
        .filter(info -> info.arguments().map(List::of).orElse(List.of()).contains(socket))
        .forEach(info -> add(all, "shim"));
    names(node.data().resolve("pods")).forEach(name -> add(all, "directory of pod " + name));
    names(node.data().resolve("logs")).forEach(name -> add(all, "logs " + name));
    return all;
  }

  /** In words: what is there now and was not, and the other way round. */
  static List<String> difference(Map<String, Integer> before, Map<String, Integer> after) {
    List<String> found = new ArrayList<>();
    Set<String> all = new TreeSet<>(before.keySet());
    all.addAll(after.keySet());
    for (String thing : all) {
      int more = after.getOrDefault(thing, 0) - before.getOrDefault(thing, 0);
      // a thread that has gone was none of a pod's
      if (more > 0 || more < 0 && !thing.startsWith("thread ")) {
        found.add((more > 0 ? "+" : "") + more + " " + thing);
      }
    }
    return found;
  }

  private List<String> ctr(String... words) {
    List<String> command = new ArrayList<>(
        List.of("ctr", "--address", containerd.socket().toString(), "--namespace", "k8s.io"));
    command.addAll(List.of(words));
    return Command.succeed(command).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static List<String> names(Path directory) throws IOException {
    return paths(directory).stream().map(path -> path.getFileName().toString()).toList();
  }

  private static List<Path> paths(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted().toList();
    }
  }

  private static void add(Map<String, Integer> all, String thing) {
    all.merge(thing, 1, Integer::sum);
  }
}

package io.bundlet.e2e.crash;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.e2e.outside.LineClient;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.containerd.Containerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks at the pods of a node, and at what it leaves behind, from outside. */
final class Onlooker {
  private final Containerd containerd;
  private final NodeShell shell;
  private final Path data;
  private final Path starts;

  Onlooker(Containerd containerd, Path data, Path starts) {
    this.containerd = containerd;
    this.shell = new NodeShell(data);
    this.data = data;
    this.starts = starts;
  }

  Seen look(TestPod pod) throws IOException {
    return new Seen(shell.pod(pod.name()), starts(pod), container(pod));
  }

  /** How often it has started. */
  int starts(TestPod pod) throws IOException {
    Path file = starts.resolve(pod.name());
    return Files.exists(file) ? (int) Files.readString(file).lines().count() : 0;
  }

  /** What an actor of its age says to the question how often it was asked. */
  static String count(TestPod actor) throws IOException {
    return LineClient.askOnce(actor.port(), "count");
  }

  private String container(TestPod pod) {
    return containers().stream()
        .filter(each -> pod.name().equals(each.getLabelsMap().get("io.kubernetes.pod.name")))
        .filter(each -> each.getState() == ContainerState.CONTAINER_RUNNING)
        .map(Container::getId)
        .findFirst()
        .orElse("");
  }

  List<Container> containers() {
    return containerd.client().runtime().listContainers(ListContainersRequest.getDefaultInstance())
        .getContainersList();
  }

  List<PodSandbox> sandboxes() {
    return containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
  }

  /** What is in the runtime and belongs to no pod, or is there twice. */
  List<String> strangeSandboxes(Set<String> pods) {
    List<String> strange = new ArrayList<>();
    Set<String> ready = new TreeSet<>();
    for (PodSandbox sandbox : sandboxes()) {
      String name = sandbox.getMetadata().getName();
      String what = name + "/" + sandbox.getMetadata().getAttempt() + " " + sandbox.getState();
      if (!pods.contains(name)) {
        strange.add("of no pod: " + what);
      } else if (sandbox.getState() == PodSandboxState.SANDBOX_READY && !ready.add(name)) {
        strange.add("a second one: " + what);
      }
    }
    return strange;
  }

  /** Files that no living part of the node uses. */
  List<String> strangeFiles(long pid, Set<String> uids) throws IOException {
    List<String> strange = new ArrayList<>();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.filter(each -> !each.startsWith(data.resolve("cache"))).toList()) {
        String relative = data.relativize(path).toString();
        String name = path.getFileName().toString();
        boolean foreignFifos = relative.startsWith("wasm/fifos-") && !relative.startsWith("wasm/fifos-" + pid + "-");
        boolean half = name.endsWith(".tmp") || name.endsWith(".new") || name.startsWith("pull-");
        boolean foreignLogs =
            relative.matches("logs/[^/]+") && uids.stream().noneMatch(uid -> name.endsWith("_" + uid));
        if (foreignFifos || half || foreignLogs) {
          strange.add(relative);
        }
      }
    }
    return strange;
  }

  /** The addresses that are taken in the pods' network. */
  List<String> addresses() throws IOException {
    Path taken = containerd.directory().resolve("cni/ipam");
    if (!Files.exists(taken)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(taken)) {
      return all.map(each -> each.getFileName().toString()).filter(name -> name.matches("[0-9.]+")).sorted().toList();
    }
  }

  /** FIFOs of guests, of which each has two. */
  long fifos() throws IOException {
    return ofGuests(each -> !Files.isDirectory(each) && !Files.isRegularFile(each));
  }

  /** Files that guests are shown, of which each has two: its hosts and the one for its last words. */
  long shown() throws IOException {
    return ofGuests(Files::isRegularFile);
  }

  private long ofGuests(Predicate<Path> kind) throws IOException {
    try (Stream<Path> all = Files.walk(data.resolve("wasm"))) {
      return all.filter(kind).count();
    }
  }

  /** Mounts at or below the node's directory. */
  List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(line -> line.split(" ")[4]).filter(at -> at.startsWith(data.toString())).toList();
  }

  /** The processes that hold the lock of the data directory. */
  List<Long> lockHolders() throws IOException {
    String inode = ":" + Files.getAttribute(data.resolve("lock"), "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .filter(line -> line.contains(inode) && !line.contains("->"))
        .map(line -> Long.parseLong(line.trim().split(" +")[4]))
        .toList();
  }
}

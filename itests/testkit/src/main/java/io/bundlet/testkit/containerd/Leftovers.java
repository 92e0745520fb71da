package io.bundlet.testkit.containerd;

import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxStatusRequest;
import io.bundlet.cri.protocol.RemovePodSandboxRequest;
import io.bundlet.cri.protocol.StopPodSandboxRequest;
import io.bundlet.testkit.node.ControlGroups;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything outside and inside of its directory that a containerd leaves behind, and how it goes away. */
final class Leftovers {
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  /** Says to whoever is last that forwarding was off before the first one came. */
  private static final Path FORWARDING_WAS_OFF = Path.of("/run/bundlet-test-forwarding-was-off");
  private static final Pattern NETWORK_NAMESPACE = Pattern.compile("/(?:var/)?run/netns/cni-[0-9a-f-]+");

  private final Configuration configuration;
  private final Set<Path> networkNamespaces = new HashSet<>();

  Leftovers(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Lets packets pass between pods and the host. */
  void allowForwarding() throws IOException {
    if (Files.readString(FORWARDING).strip().equals("0")) {
      Files.write(FORWARDING_WAS_OFF, new byte[0]);
      Files.writeString(FORWARDING, "1");
    }
  }

  /** Removes all pods, as long as containerd answers. */
  void removePods(CriClient client) {
    for (PodSandbox sandbox
        : client.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()) {
      String id = sandbox.getId();
      try {
        PodSandboxStatusRequest verbose =
            PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).setVerbose(true).build();
        Matcher found = NETWORK_NAMESPACE.matcher(client.runtime().podSandboxStatus(verbose).getInfoMap().toString());
        while (found.find()) {
          networkNamespaces.add(Path.of(found.group()));
        }
        client.runtime().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
        client.runtime().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
      } catch (StatusRuntimeException failure) {
        System.err.println("pod sandbox " + id + " could not be removed by containerd: " + failure.getStatus());
      }
    }
  }

  /** Removes what is left once containerd has ended. */
  void remove() {
    Set<String> unused = PacketRules.unused();
    killShims();
    unmount();
    for (Path namespace : networkNamespaces) {
      if (Files.exists(namespace)) {
        Command.run(List.of("umount", "--lazy", namespace.toString()));
        delete(namespace);
      }
    }
    Command.run(List.of("ip", "link", "delete", configuration.bridge()));
    new PacketRules(configuration.network()).remove();
    PacketRules.removeUnused(unused);
    resetForwarding();
    deleteMatching(Path.of("/var/lib/cni/results"), configuration.network() + "-*");
    deleteTree(configuration.directory());
    List.of("/run/containerd/fifo", "/run/containerd/runc", "/run/containerd/s", "/run/containerd",
        "/var/lib/cni/results", "/var/lib/cni").forEach(directory -> deleteIfEmpty(Path.of(directory)));
    deleteControlGroups();
  }

  /** Shims are told the socket of their containerd; what they run are their children. */
  private void killShims() {
    ProcessHandle.allProcesses()
        .filter(handle -> handle.info().arguments().map(List::of).orElse(List.of())
            .contains(configuration.socket().toString()))
        .filter(handle -> handle.info().command().orElse("").contains("containerd-shim"))
        .forEach(shim -> {
          shim.descendants().forEach(ProcessHandle::destroyForcibly);
          shim.destroyForcibly();
          shim.onExit().join();
        });
  }

  private void unmount() {
    try {
      List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(line -> line.split(" ")[4])
          .filter(mount -> Path.of(mount).startsWith(configuration.directory())).toList();
      mounts.reversed().forEach(mount -> Command.run(List.of("umount", "--lazy", mount)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void resetForwarding() {
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(Path.of("/sys/class/net"), Configuration.BRIDGE_PREFIX + "*")) {
      if (!others.iterator().hasNext() && Files.deleteIfExists(FORWARDING_WAS_OFF)) {
        Files.writeString(FORWARDING, "0");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The groups above those of the containers; a group that has others in it stays. */
  private static void deleteControlGroups() {
    try {
      ControlGroups.removeLeft();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      hierarchies.forEach(hierarchy -> deleteIfEmpty(hierarchy.resolve("k8s.io")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    deleteIfEmpty(Path.of("/sys/fs/cgroup/k8s.io"));
  }

  private static void deleteMatching(Path directory, String glob) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      files.forEach(Leftovers::delete);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void deleteTree(Path top) {
    try {
      Files.walkFileTree(top, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
          Files.delete(directory);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      System.err.println("left behind: " + failure);
    }
  }

  private static void deleteIfEmpty(Path directory) {
    // a directory that is in use by others is not empty, and a control group with others in it is busy
    directory.toFile().delete();
  }
}

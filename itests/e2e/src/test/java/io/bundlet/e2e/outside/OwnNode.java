package io.bundlet.e2e.outside;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node in a folder of its own, with a container runtime of its own if it is to run containers. */
public final class OwnNode implements AutoCloseable {
  private final Path home;
  private final Optional<Containerd> containerd;
  private String javaOptions = "";
  private NodeProcess process;

  private OwnNode(Path home, Optional<Containerd> containerd) {
    this.home = home;
    this.containerd = containerd;
  }

  /** One that runs no containers; not started yet. */
  public static OwnNode withoutContainers() throws IOException {
    return new OwnNode(Files.createTempDirectory("node"), Optional.empty());
  }

  /** One that runs containers; not started yet. Aborts the test where there can be none. */
  public static OwnNode withContainers() throws IOException {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    Path home = Files.createTempDirectory("node");
    return new OwnNode(home, Optional.of(Containerd.start(home.resolve("c"))));
  }

  /** Gives the node's JVM options; before it is started. */
  public OwnNode javaOptions(String words) {
    javaOptions = words;
    return this;
  }

  /** Starts it and waits until it is ready. */
  public OwnNode start(String... options) throws IOException {
    Stream<String> runtime =
        containerd.stream().flatMap(own -> Stream.of("--cri-endpoint", own.socket().toString()));
    List<String> all = Stream.concat(runtime, Stream.of(options)).toList();
    process = new NodeProcess(Distribution.built(), home.resolve("node"), all.toArray(String[]::new));
    if (!javaOptions.isEmpty()) {
      process.withJavaOptions(javaOptions);
    }
    process.start().awaitReady();
    return this;
  }

  /** The folder, in which a test may make what it shares with the node's pods. */
  public Path home() {
    return home;
  }

  /** The container runtime, where the node runs containers. */
  public Containerd containerd() {
    return containerd.orElseThrow();
  }

  /** The node's process, once it was started. */
  public NodeProcess process() {
    return process;
  }

  /** The node's shell, once it was started. */
  public NodeShell shell() {
    return new NodeShell(process.data());
  }

  /** Ends the node and its container runtime, and removes the folder. */
  @Override
  public void close() throws IOException {
    if (process != null) {
      process.close();
    }
    if (containerd.isPresent()) {
      containerd.get().close();
    }
    Distribution.remove(home);
  }
}

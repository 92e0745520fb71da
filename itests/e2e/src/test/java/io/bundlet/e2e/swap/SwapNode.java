package io.bundlet.e2e.swap;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.BundleVariant;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A node with a containerd, a witness inside and onlookers outside. */
final class SwapNode implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(120);

  private static final AtomicInteger COUNT = new AtomicInteger();

  final Path home;
  final Path work;
  final Distribution distribution;
  final NodeProcess node;
  final WitnessFiles witness;
  /**
   * A method that the JVM has compiled keeps the classes of what was inlined into it, for as long as it stands on a
   * stack: a pod's thread that sleeps in one kept a bundle's former class loader for minutes. It is collected at the
   * thread's next turn; what is looked for here is what our own code holds.
   */
  private static final String NOT_INLINED = "-XX:CompileCommand=quiet -XX:CompileCommand=dontinline,io.bundlet.*::*";

  final SwapPods pods;
  final Containerd containerd;
  final RawRuntime runtime;
  private final List<Onlooker> onlookers = new ArrayList<>();
  private int version = 1;

  private SwapNode(Path home, Distribution distribution, boolean withContainers) throws IOException {
    this.home = home;
    this.distribution = distribution;
    this.work = Files.createDirectories(home.resolve("work"));
    this.witness = new WitnessFiles(home.resolve("witness"));
    this.pods = new SwapPods(work);
    // Sockets want a short path.
    Path at = Path.of(System.getProperty("java.io.tmpdir"),
        "swap-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
    this.containerd = withContainers ? Containerd.start(at) : null;
    this.runtime = withContainers ? new RawRuntime(containerd) : null;
    Path empty = home.resolve("none.sock");
    this.node = new NodeProcess(distribution, home, "--all-bundles", "--cri-endpoint",
        withContainers ? containerd.endpoint() : "unix://" + empty);
  }

  /** Starts it and waits until it answers. */
  static SwapNode start(Path home, Distribution distribution, boolean withContainers) throws IOException {
    return start(home, distribution, withContainers, "");
  }

  /** The same, with options for its JVM. */
  static SwapNode start(Path home, Distribution distribution, boolean withContainers, String javaOptions)
      throws IOException {
    SwapNode made = new SwapNode(home, distribution, withContainers);
    try {
      made.witness.join(made.node);
      made.node.withJavaOptions(NOT_INLINED + " " + javaOptions).start().awaitReady();
    } catch (IOException | RuntimeException | Error failed) {
      made.closeQuietly();
      throw failed;
    }
    return made;
  }

  /** Puts a pod's manifest in. */
  void run(String name, String yaml) throws IOException {
    node.manifest(name + ".yaml", yaml);
  }

  /** Takes a pod's manifest out, and waits until the pod's logs are gone, which is the last of it. */
  void remove(String... names) throws IOException {
    for (String name : names) {
      node.withdraw(name + ".yaml");
    }
    for (String name : names) {
      Eventually.until("pod " + name + " is gone", LIMIT, () -> log(name).isEmpty());
    }
  }

  /** The directory of a pod's logs. */
  Optional<Path> log(String pod) throws IOException {
    Path logs = node.data().resolve("logs");
    if (!Files.exists(logs)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(logs)) {
      return all.filter(path -> path.getFileName().toString().startsWith("default_" + pod + "_")).findFirst();
    }
  }

  /** Waits for a line of a pod that contains {@code text}. */
  void awaitLine(String pod, String text) {
    Eventually.until(pod + " says " + text, LIMIT,
        () -> PodLog.lines(node.data(), pod, "main").stream().anyMatch(line -> line.text().contains(text)));
  }

  /** Waits until somebody answers lines on a port. */
  void awaitAnswer(int port) {
    Eventually.until("an answer on port " + port, LIMIT, () -> Ports.ask(port, "echo up").contains("up"));
  }

  /** How often the pod wrote into the file {@code starts}. */
  long starts(String pod) throws IOException {
    Path file = work.resolve("starts");
    return Files.exists(file) ? Files.readAllLines(file).stream().filter(("start " + pod)::equals).count() : 0;
  }

  /** Follows a pod from now on. */
  <T extends Onlooker> T follow(T onlooker) {
    onlookers.add(onlooker);
    onlooker.begin();
    return onlooker;
  }

  /** Follows what a pod logs. */
  Onlooker followLog(String pod, boolean mayRestart) throws IOException {
    return follow(new LogOnlooker(pod, log(pod).orElseThrow().resolve("main"), mayRestart));
  }

  /** How often a pod's containers were restarted, as the node tells it. */
  int restarts(String pod) {
    return Eventually.value("the restarts of " + pod, LIMIT, () -> node.shell("pod:list").output().lines()
        .map(line -> line.strip().split("\\s+")).filter(words -> words.length > 5 && words[1].equals(pod))
        .map(words -> Integer.parseInt(words[5])).findFirst());
  }

  /** A newer version of a bundle of the distribution, with a private class that no other has. */
  Path newer(String bundle, String next) throws IOException {
    return BundleVariant.of(distribution.bundles().get(bundle), next, home.resolve(bundle + "-" + next + ".jar"));
  }

  /** A version that no bundle had here before, newer than any that is built. */
  String nextVersion() {
    return "100.0." + version++;
  }

  /** Puts a newer version into the plugins, and waits until it has started. @return how many events were before */
  int swap(String bundle) throws IOException {
    String next = nextVersion();
    Path jar = newer(bundle, next);
    int before = witness.events().size();
    node.plugin(bundle + ".jar", jar);
    witness.await(before, bundle, next, "STARTED");
    return before;
  }

  private void closeQuietly() {
    try {
      close();
    } catch (Exception failed) {
      System.err.println("not all was closed: " + failed);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (Onlooker onlooker : onlookers) {
        onlooker.close();
      }
      if (node.process() != null && node.process().isAlive()) {
        node.stop(LIMIT);
      }
    } catch (Exception failed) {
      throw new IOException(failed);
    } finally {
      node.close();
      if (containerd != null) {
        containerd.close();
      }
    }
  }
}

package io.bundlet.e2e.containers;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.BundleVariant;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** What is done to a node or its runtime that no pod may notice. */
enum Disturbance {
  KILL_NODE("kill -9 of Bundlet") {
    @Override
    void happen(On on) throws Exception {
      on.node().kill9();
      on.node().start();
    }
  },
  KILL_RUNTIME("kill -9 of containerd") {
    @Override
    void happen(On on) throws Exception {
      on.containerd().kill();
      on.awaitProbeWithoutRuntime();
      on.containerd().startAgain();
    }
  },
  KILL_BOTH("kill -9 of both") {
    @Override
    void happen(On on) throws Exception {
      on.node().kill9();
      on.containerd().kill();
      on.node().start();
      // the next one tells of its pods before there is a runtime to ask
      on.awaitAnswer();
      on.containerd().startAgain();
    }
  },
  UPDATE_PROVIDER("update of the provider bundle") {
    @Override
    void happen(On on) throws Exception {
      on.update("io.bundlet.cri.provider");
    }
  },
  UPDATE_GRPC("update of libs/grpc") {
    @Override
    void happen(On on) throws Exception {
      on.update("io.bundlet.libs.grpc");
    }
  };

  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final AtomicInteger VERSIONS = new AtomicInteger();

  private final String words;

  Disturbance(String words) {
    this.words = words;
  }

  /** What it is done to. @param home for the jars of newer versions @param probed a pod that the runtime probes */
  record On(NodeProcess node, Containerd containerd, NodeShell shell, Path home, String probed) {
    void awaitAnswer() {
      Eventually.until("the node answers", LIMIT, () -> {
        if (!node.process().isAlive()) {
          throw new AssertionError("the node has ended: " + node.output());
        }
        return shell.ask("node:info").startsWith("Node");
      });
    }

    /** Waits until the node has a provider that speaks with its runtime. */
    void awaitRuntime() {
      Eventually.until("the provider is ready", LIMIT, () -> listed(row -> row[0].equals("cri")));
    }

    /** Waits until the node misses its runtime, and has tried to have it run the command of a probe. */
    private void awaitProbeWithoutRuntime() {
      Eventually.until("the provider is not ready", LIMIT, () -> !listed(row -> row[0].equals("cri")));
      Eventually.until("a probe was tried meanwhile", LIMIT,
          () -> shell.ask("pod:events " + probed).contains("Unhealthy"));
    }

    private void update(String bundle) throws IOException {
      String version = "100.0." + VERSIONS.incrementAndGet();
      node.plugin(bundle + ".jar", BundleVariant.of(
          Distribution.built().bundles().get(bundle), version, home.resolve(bundle + "-" + version + ".jar")));
      Eventually.until(bundle + " " + version + " runs", LIMIT,
          () -> listed(row -> row[4].equals(version) && row[5].equals(bundle)));
    }

    /** Whether one of the rows NAME KIND STATE ORIGIN VERSION BUNDLE is so, and ready. */
    private boolean listed(Predicate<String[]> so) throws IOException {
      return shell.ask("provider:list").lines().map(line -> line.strip().split(" +"))
          .anyMatch(row -> row.length > 5 && row[2].equals("Ready") && so.test(row));
    }
  }

  /** Returns when it has been done; the node may still be busy with it. */
  abstract void happen(On on) throws Exception;

  @Override
  public String toString() {
    return words;
  }
}

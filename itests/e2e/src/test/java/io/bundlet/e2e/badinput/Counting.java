package io.bundlet.e2e.badinput;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.time.Duration;

/** The other pod of a node, which must go on as if nothing had happened. */
record Counting(NodeProcess node) {
  private static final String NAME = "counter";

  static Counting on(NodeProcess node) throws IOException {
    node.manifest(NAME + ".yaml", Manifests.wasi(NAME, Distribution.guest("counter")).yaml());
    return new Counting(node);
  }

  long lines() throws IOException {
    return PodLog.lines(node.data(), NAME, "main").size();
  }

  /** Waits until it has counted on, and sees that it is the same instance that has counted from its start. */
  String goesOn() throws IOException {
    long before = lines();
    Eventually.until("the counter counts", Duration.ofSeconds(120), () -> lines() > before + 2);
    PodInfo pod = new NodeShell(node.data()).pod(NAME);
    if (!pod.phase().equals("Running") || pod.restarts() != 0) {
      throw new AssertionError("the other pod has suffered: " + pod.text());
    }
    return "counts on, " + lines() + " lines";
  }
}

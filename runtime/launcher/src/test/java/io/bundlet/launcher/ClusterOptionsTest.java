package io.bundlet.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Options of the cluster go where they belong; a node without any has nothing of it. */
class ClusterOptionsTest {
  @Command
  private static final class Line implements Runnable {
    @CommandLine.Mixin private ClusterOptions options;

    @Override
    public void run() {}
  }

  private static Configurations applied(Map<String, String> environment, String... arguments) {
    Line line = new Line();
    new CommandLine(line).parseArgs(arguments);
    Configurations configurations = new Configurations();
    configurations.set("io.bundlet.core", "node.name", "n");
    if (line.options.given()) {
      line.options.apply(configurations, environment);
    }
    ClusterOptions.complete(configurations, Path.of("/data"));
    return configurations;
  }

  @Test
  void aNodeOfItsOwnHasNothingOfIt() {
    Configurations alone = applied(Map.of("KRUSTLET_PORT", "3000"));
    assertEquals(Map.of(), alone.of("io.bundlet.apiserver"));
    assertEquals(Map.of(), alone.of("io.bundlet.manifests"));
    assertEquals(Map.of("node.name", "n"), alone.of("io.bundlet.core"));
  }

  @Test
  void aNodeOfAClusterKnowsItsNameAndItsCertificates() {
    Configurations joined = applied(Map.of(), "--bootstrap-kubeconfig", "/b", "--kubeconfig", "/k",
        "--node-labels", "a=b,c=d", "--register-with-taints", "x=y:NoSchedule", "--port", "1");
    assertEquals(Map.of("node.name", "n", "kubeconfig", "/k", "bootstrap.kubeconfig", "/b",
        "certificate.directory", "/data/pki"), joined.of("io.bundlet.apiserver"));
    assertEquals(List.of("a=b", "c=d"), joined.of("io.bundlet.core").get("node.labels"));
    assertEquals(List.of("x=y:NoSchedule"), joined.of("io.bundlet.core").get("node.taints"));
    assertEquals("1", joined.of("io.bundlet.core").get("kubelet.port"));
    assertEquals(Map.of("port", "1"), joined.of("io.bundlet.kubelet-api"));
    assertEquals("true", joined.of("io.bundlet.manifests").get("name.suffix"));
  }

  @Test
  void krustletsNamesAreTakenAndOptionsGoOverThem() {
    Map<String, String> krustlet = Map.of("KRUSTLET_PORT", "3000", "KRUSTLET_ADDRESS", "10.0.0.1",
        "NODE_LABELS", "a=b,c", "MAX_PODS", "7", "KRUSTLET_BOOTSTRAP_FILE", "/elsewhere");
    Configurations joined =
        applied(krustlet, "--kubeconfig", "in-cluster", "--bootstrap-file", "/b", "--port", "3001");
    assertEquals(Map.of("port", "3001", "address", "10.0.0.1"), joined.of("io.bundlet.kubelet-api"));
    assertEquals("in-cluster", joined.of("io.bundlet.apiserver").get("kubeconfig"));
    assertEquals("/b", joined.of("io.bundlet.apiserver").get("bootstrap.kubeconfig"));
    assertEquals(List.of("a=b", "c"), joined.of("io.bundlet.core").get("node.labels"));
    assertEquals("7", joined.of("io.bundlet.core").get("max.pods"));
  }

  @Test
  void aNodeNeedsPodsFromSomewhere() {
    java.io.StringWriter err = new java.io.StringWriter();
    CommandLine line = Main.commandLine().setErr(new java.io.PrintWriter(err, true));
    assertEquals(ExitCode.USAGE, line.execute("node"));
    assertTrue(err.toString().contains("where do the pods come from"), err.toString());
  }
}

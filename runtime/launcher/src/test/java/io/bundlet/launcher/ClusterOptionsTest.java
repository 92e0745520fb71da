package io.bundlet.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @TempDir Path directory;

  private Configurations applied(Map<String, String> environment, String... arguments) throws Exception {
    return applied("", environment, arguments);
  }

  /** @param file what stands in the file of --config; empty: there is none */
  private Configurations applied(String file, Map<String, String> environment, String... arguments)
      throws Exception {
    Line line = new Line();
    new CommandLine(line).parseArgs(arguments);
    Configurations configurations = new Configurations();
    configurations.set("io.bundlet.core", "node.name", "n");
    List<Path> files = file.isEmpty() ? List.of() : List.of(Files.writeString(directory.resolve("config"), file));
    SaidSettings said = SaidSettings.read(files, environment);
    said.add(line.options.settings());
    warnings = said.apply(configurations);
    ClusterOptions.complete(configurations, Path.of("/data"));
    return configurations;
  }

  private List<String> warnings;

  @Test
  void aNodeOfItsOwnHasNothingOfIt() throws Exception {
    Configurations alone = applied(Map.of("KRUSTLET_PORT", "3000"));
    assertEquals(Map.of(), alone.of("io.bundlet.apiserver"));
    assertEquals(Map.of(), alone.of("io.bundlet.manifests"));
    assertEquals(Map.of("node.name", "n"), alone.of("io.bundlet.core"));
  }

  @Test
  void aNodeOfAClusterKnowsItsNameAndItsCertificates() throws Exception {
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
  void krustletsNamesAreTakenAndOptionsGoOverThem() throws Exception {
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

  private static final String KUBELET = """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      """;

  @Test
  void optionsGoOverTheEnvironmentAndThatOverTheFile() throws Exception {
    String file = KUBELET + "port: 1\naddress: 10.0.0.1\nhealthzPort: 2\nmaxPods: 3\n";
    Map<String, String> environment = Map.of("KRUSTLET_ADDRESS", "10.0.0.2", "KRUSTLET_PORT", "4", "MAX_PODS", "5");
    Configurations joined = applied(file, environment, "--kubeconfig", "/k", "--port", "6");
    assertEquals(Map.of("port", "6", "address", "10.0.0.2", "healthz.port", "2"),
        joined.of("io.bundlet.kubelet-api"));
    assertEquals("6", joined.of("io.bundlet.core").get("kubelet.port"));
    assertEquals("5", joined.of("io.bundlet.core").get("max.pods"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void whatBelongsToClustersIsNamedWhereThereIsNone() throws Exception {
    Configurations alone = applied(KUBELET + "port: 1\nmaxPods: 3\nkubeAPIQPS: 7\n", Map.of(), "--address", "::");
    assertEquals(Map.of(), alone.of("io.bundlet.apiserver"));
    assertEquals(Map.of(), alone.of("io.bundlet.kubelet-api"));
    assertEquals(Map.of("node.name", "n", "max.pods", "3"), alone.of("io.bundlet.core"));
    String config = directory.resolve("config").toString();
    assertEquals(List.of("means something in a cluster only, and the node joins none (--kubeconfig FILE): "
        + config + ":3: port, " + config + ":5: kubeAPIQPS, --address"), warnings);
  }

  @Test
  void aFileOrTheEnvironmentMayNameTheClusterToo() throws Exception {
    Configurations file = applied("{\"bootstrapFile\": \"/etc/b\"}", Map.of());
    assertEquals("/etc/b", file.of("io.bundlet.apiserver").get("bootstrap.kubeconfig"));
    assertEquals("/data/kubeconfig", file.of("io.bundlet.apiserver").get("kubeconfig"));
    Configurations environment = applied(Map.of("KRUSTLET_BOOTSTRAP_FILE", "/etc/c"));
    assertEquals("/etc/c", environment.of("io.bundlet.apiserver").get("bootstrap.kubeconfig"));
  }

  @Test
  void aServerThatIsSwitchedOffIsNowhere() throws Exception {
    Configurations joined = applied(KUBELET + "enableServer: false\nport: 5\n", Map.of(), "--kubeconfig", "/k");
    assertFalse(joined.pids().contains("io.bundlet.kubelet-api"));
    assertEquals("0", joined.of("io.bundlet.core").get("kubelet.port"));
    assertTrue(applied(Map.of(), "--kubeconfig", "/k").pids().contains("io.bundlet.kubelet-api"));
  }

  @Test
  void krustletsOtherOptionsAreUnderstood() throws Exception {
    Configurations joined = applied(Map.of("KRUSTLET_HOSTNAME", "a"), "--kubeconfig", "/k", "--hostname", "b",
        "--x-allow-local-modules", "true");
    assertEquals("b", joined.of("io.bundlet.core").get("node.hostname"));
    assertEquals("true", joined.of("io.bundlet.module-store").get("file.images"));
    Line line = new Line();
    new CommandLine(line).parseArgs("--plugins-dir", "x", "--device-plugins-dir", "y", "--insecure-registries", "z");
    assertEquals(List.of("--plugins-dir", "--device-plugins-dir", "--insecure-registries"), line.options.without());
  }

  @Test
  void aFileThatCannotBeUsedKeepsTheNodeFromStarting() throws Exception {
    java.io.StringWriter err = new java.io.StringWriter();
    CommandLine line = Main.commandLine().setErr(new java.io.PrintWriter(err, true));
    Path file = Files.writeString(directory.resolve("kubelet.yaml"), KUBELET + "maxPod: 3\n");
    assertEquals(ExitCode.NOT_STARTED, line.execute("node", "--manifests", "x", "--config", file.toString()));
    assertEquals("bundlet: " + file + ":3: maxPod: there is no such key\n", err.toString());
    assertEquals(ExitCode.USAGE, line.execute("run", "--config", file.toString(), file.toString()));
    assertTrue(err.toString().contains("is no directory; files of kubelets are for 'bundlet node'"), err.toString());
  }

  @Test
  void aNodeNeedsPodsFromSomewhere() {
    java.io.StringWriter err = new java.io.StringWriter();
    CommandLine line = Main.commandLine().setErr(new java.io.PrintWriter(err, true));
    assertEquals(ExitCode.USAGE, line.execute("node"));
    assertTrue(err.toString().contains("where do the pods come from"), err.toString());
  }
}

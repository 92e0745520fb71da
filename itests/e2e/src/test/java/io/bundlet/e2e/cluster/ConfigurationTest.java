package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.NodeAddress;
import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What files, environments and the operator's guide say is what the cluster sees. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ConfigurationTest {
  @TempDir Path directory;
  private JoinedCluster cluster;
  private NodeProcess node;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent() && TestCluster.given().isEmpty(), JoinedCluster.OWN);
    cluster = new JoinedCluster(false);
  }

  @AfterEach
  void end() throws Exception {
    if (node != null) {
      node.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private void awaitReady() throws IOException {
    try {
      cluster.awaitReady();
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + "\n" + node.output(), never);
    }
  }

  private JsonNode latest(Kind kind) {
    return cluster.watcher().latest(kind, JoinedCluster.NODE).orElseThrow().object();
  }

  @Test
  void theClusterSeesWhatAKubeletsFileAndKrustletsEnvironmentSay() throws Exception {
    int port = freePort();
    Path file = Files.writeString(directory.resolve("kubelet.yaml"), """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        port: 1
        healthzPort: 0
        maxPods: 23
        providerID: test://file
        nodeLeaseDurationSeconds: 60
        nodeStatusReportFrequency: 1m0s
        authentication:
          x509: {clientCAFile: %s}
        registerWithTaints:
        - {key: example.com/dedicated, value: web, effect: PreferNoSchedule}
        systemReserved: {memory: 100Mi}
        evictionHard: {memory.available: 50Mi}
        featureGates: {GracefulNodeShutdown: true}
        """.formatted(cluster.plane().authority()));
    node = new NodeProcess(Distribution.built(), directory.resolve("node"), "--config", file.toString(),
        "--provider-id", "test://option").withEnvironment(Map.of(
            "KRUSTLET_NODE_NAME", JoinedCluster.NODE, "KRUSTLET_NODE_IP", NodeAddress.ipv4(),
            "KRUSTLET_HOSTNAME", "Machine", "KRUSTLET_PORT", "" + port, "NODE_LABELS",
            "example.com/disk=fast,team=blue",
            "KRUSTLET_BOOTSTRAP_FILE", cluster.plane().bootstrapKubeconfig().toString()));
    node.start();
    awaitReady();
    cluster.eventually("the lease is there",
        () -> cluster.watcher().latest(Kind.LEASES, JoinedCluster.NODE).isPresent());

    JsonNode seen = latest(Kind.NODES);
    JsonNode labels = seen.path("metadata").path("labels");
    assertEquals("fast", labels.path("example.com/disk").asString(""));
    assertEquals("blue", labels.path("team").asString(""));
    assertEquals("machine", labels.path("kubernetes.io/hostname").asString(""));
    assertTrue(taints(seen).contains("example.com/dedicated=web:PreferNoSchedule"), () -> taints(seen).toString());
    assertEquals("test://option", seen.path("spec").path("providerID").asString(""));
    JsonNode status = seen.path("status");
    assertEquals("23", status.path("capacity").path("pods").asString(""));
    assertEquals(150L << 10, kibibytes(status, "capacity") - kibibytes(status, "allocatable"));
    assertEquals(port, status.path("daemonEndpoints").path("kubeletEndpoint").path("Port").asInt(0));
    assertEquals(60, latest(Kind.LEASES).path("spec").path("leaseDurationSeconds").asInt(0));
    try (Socket server = new Socket(InetAddress.getByName(NodeAddress.ipv4()), port)) {
      assertTrue(server.isConnected());
    }
    assertTrue(Files.exists(node.data().resolve("kubeconfig")), "where the node keeps how it reaches the cluster");
    assertTrue(node.output().contains("bundlet: " + file
        + ": Bundlet has nothing of the kind, so these keys do nothing: featureGates"), node.output());
    cluster.judge();
  }

  private static long kibibytes(JsonNode status, String of) {
    String memory = status.path(of).path("memory").asString("");
    return memory.endsWith("Ki") ? Long.parseLong(memory.substring(0, memory.length() - 2))
        : Long.parseLong(memory) >> 10;
  }

  private static TreeSet<String> taints(JsonNode node) {
    TreeSet<String> taints = new TreeSet<>();
    node.path("spec").path("taints").forEach(each -> taints.add(each.path("key").asString("") + "="
        + each.path("value").asString("") + ":" + each.path("effect").asString("")));
    return taints;
  }

  /** A block of the operator's guide that is marked to be run here. */
  private static String guide(String language) throws IOException {
    String guide = Files.readString(Distribution.repository().resolve("docs/operator-guide.md"));
    String head = "```" + language + " joining\n";
    int at = guide.indexOf(head);
    assertTrue(at >= 0, () -> "the guide has no block " + head);
    return guide.substring(at + head.length(), guide.indexOf("\n```", at) + 1);
  }

  @Test
  void aNodeJoinsByTheVeryWordsOfTheGuide() throws Exception {
    // What the test's control plane brings along of its own would do the same.
    cluster.kubectl().succeed("delete", "clusterrolebinding", "test:bootstrap", "test:approve", "test:renew");
    cluster.kubectl().succeed("delete", "runtimeclass", "wasi", "wascc");
    cluster.kubectl().succeed("delete", "secret", "-n", "kube-system", "bootstrap-token-abcdef");
    Path yaml = Files.writeString(directory.resolve("joining.yaml"), guide("yaml"));
    System.out.println(cluster.kubectl().succeed("apply", "-f", yaml.toString()));
    String output = run("sh", "-eux", "-c", guide("sh"));
    Path bootstrap = directory.resolve("bootstrap-kubelet.conf");
    assertTrue(Files.exists(bootstrap), output);

    node = new NodeProcess(Distribution.built(), directory.resolve("node"), "--bootstrap-kubeconfig",
        bootstrap.toString(), "--client-ca-file", cluster.plane().authority().toString(), "--cluster-dns", "10.96.0.10",
        "--node-name", JoinedCluster.NODE, "--node-ip", NodeAddress.ipv4(), "--port", "" + freePort(),
        "--healthz-port", "0");
    node.start();
    awaitReady();
    for (AuditLog.Request request : cluster.plane().audit().requests()) {
      assertTrue(request.user().equals("system:node:" + JoinedCluster.NODE)
          || request.user().equals("system:bootstrap:07401b"), () -> "somebody else asked: " + request);
    }
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: hello}
        spec:
          runtimeClassName: wasi
          restartPolicy: Never
          containers: [{name: main, image: $SCRIPT, args: ['say hello', exit 0]}]
        """);
    cluster.awaitPhase("hello", "Succeeded");
    cluster.judge();
  }

  /** Runs a program, which must succeed, with what the guide's commands take from the environment. */
  private String run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("SERVER", cluster.plane().server().toString());
    builder.environment().put("AUTHORITY", cluster.plane().authority().toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}

package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.e2e.outside.NodeAddress;
import io.bundlet.testkit.cluster.ApiClient;
import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ClusterWatcher;
import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.Kubectl;
import io.bundlet.testkit.cluster.PodLegality;
import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.Mounts;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * A control plane and a node that joins it by a bootstrap token, a containerd where the machine can have one, and a
 * watcher from before the node came. In texts of manifests, {@code $SCRIPT}, {@code $BOX} and {@code $HOME} are the
 * module that does what its arguments say, the image with a shell, and a directory of the test.
 */
final class JoinedCluster implements AutoCloseable {
  static final String NODE = "test-node";
  /** Why a test is left out. */
  static final String OWN = "only with a control plane of the tests' own (./check --cluster without KUBECONFIG)";
  static final Duration LIMIT = Duration.ofSeconds(120);

  private final Path home;
  private final TestCluster plane;
  private final ClusterWatcher watcher;
  private final Optional<Containerd> containerd;
  private final int port;
  private Map<String, String> environment = Map.of();
  private NodeProcess node;

  /** A cluster without its node. */
  JoinedCluster() throws IOException {
    this(true);
  }

  /** A cluster without its node. @param containers whether the node is to have a containerd, if the machine can */
  JoinedCluster(boolean containers) throws IOException {
    home = Files.createTempDirectory("cluster");
    Files.createDirectories(shared());
    port = freePort();
    plane = TestCluster.start(home.resolve("p"));
    try {
      containerd = containers && Containerd.available() ? Optional.of(Containerd.start(home.resolve("c")))
          : Optional.empty();
    } catch (IOException | RuntimeException | Error failure) {
      plane.close();
      Distribution.remove(home);
      throw failure;
    }
    try {
      watcher = new ClusterWatcher(plane.admin());
    } catch (IOException | RuntimeException | Error failure) {
      end();
      throw failure;
    }
  }

  /** Variables for the node's process. */
  JoinedCluster withEnvironment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** Starts a node that has its certificate already. @param through what it takes for the API server */
  NodeProcess join(URI through, String... options) throws IOException {
    return start(List.of("--kubeconfig", plane().nodeKubeconfig(NODE, through).toString()), options);
  }

  /** Starts a node that has nothing but a bootstrap token. */
  NodeProcess bootstrap(String... options) throws IOException {
    return start(List.of("--bootstrap-kubeconfig", plane.bootstrapKubeconfig().toString(), "--kubeconfig",
        home.resolve("node/kubeconfig").toString()), options);
  }

  private NodeProcess start(List<String> way, String... options) throws IOException {
    List<String> all = new ArrayList<>(way);
    all.addAll(List.of(
        "--node-name", NODE, "--node-ip", NodeAddress.ipv4(), "--port", "" + port, "--set",
        "io.bundlet.kubelet-api:healthz.port=0"));
    containerd.ifPresent(each -> all.addAll(List.of("--cri-endpoint", each.socket().toString())));
    all.addAll(List.of(options));
    node = new NodeProcess(Distribution.built(), home.resolve("node"), all.toArray(String[]::new))
        .withEnvironment(environment);
    return node.start();
  }

  /** Starts the node and waits until the cluster sees it ready. When that fails, this is closed. */
  JoinedCluster joined(String... options) throws IOException {
    try {
      if (plane instanceof ControlPlane own) {
        join(own.server(), options);
      } else {
        bootstrap(options);
      }
      awaitReady();
      return this;
    } catch (IOException | RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  void awaitReady() throws IOException {
    eventually("the node is ready", () -> ready());
  }

  boolean ready() {
    return watcher.latest(Kind.NODES, NODE).filter(each -> each.condition("Ready").equals("True")).isPresent();
  }

  /** The control plane, in tests that are not run with one that was given. */
  ControlPlane plane() {
    return (ControlPlane) plane;
  }

  /** The administrator. */
  ApiClient admin() {
    return plane.admin();
  }

  /** The certificate of who signs the certificates of those who call nodes. */
  Path authority() {
    return plane.authority();
  }

  /** What was asked, if that is known. */
  AuditLog audit() {
    return plane.audit();
  }

  ClusterWatcher watcher() {
    return watcher;
  }

  NodeProcess node() {
    return node;
  }

  Optional<Containerd> containerd() {
    return containerd;
  }

  Kubectl kubectl() throws IOException {
    return plane.kubectl();
  }

  /** A directory that pods may mount. */
  Path shared() {
    return home.resolve("shared");
  }

  /** Makes objects of a manifest. */
  void create(String manifest) throws IOException {
    plane.admin().create(text(manifest));
  }

  String text(String manifest) {
    return manifest.replace("$SCRIPT", "file:" + Distribution.guest("script"))
        .replace("$STARTS", "file:" + Distribution.guest("starts")).replace("$BOX", Containerd.BUSYBOX_IMAGE)
        .replace("$HOME", shared().toString());
  }

  /** Deletes a pod and waits until it is gone. */
  void delete(String pod) throws IOException {
    plane.admin().delete("/api/v1/namespaces/default/pods/" + pod, "");
    eventually(pod + " is gone", () -> watcher.latest(Kind.PODS, pod).isEmpty());
  }

  /** What a pod's container {@code main} has said so far, by its log's file. */
  String said(String pod) throws IOException {
    return said(pod, "main");
  }

  String said(String pod, String container) throws IOException {
    return PodLog.lines(node.data(), pod, container).stream().map(PodLog.Line::text).collect(Collectors.joining("\n"));
  }

  Update pod(String name) {
    return watcher.latest(Kind.PODS, name).orElseThrow(() -> new IllegalStateException("there is no pod " + name));
  }

  void awaitPhase(String pod, String phase) throws IOException {
    eventually(pod + " is " + phase,
        () -> watcher.latest(Kind.PODS, pod).filter(each -> each.phase().equals(phase)).isPresent());
  }

  /** Waits, and tells of the pods and of the node's log when it was in vain. */
  void eventually(String what, Callable<Boolean> so) throws IOException {
    try {
      Eventually.until(what, LIMIT, Duration.ofMillis(20), so);
    } catch (AssertionError never) {
      Kubectl kubectl = kubectl();
      String log = node == null ? "" : node.output();
      throw new AssertionError(never.getMessage() + "\n" + kubectl.run("get", "nodes,pods", "-A", "-o", "wide").output()
          + kubectl.run("get", "events", "-A").output() + log.substring(Math.max(0, log.length() - 8000)), never);
    }
  }

  /** Nothing that the watcher saw may be against the rules, and nothing that the node asked may have been refused. */
  void judge() throws IOException {
    List<String> problems = new ArrayList<>(PodLegality.problems(watcher.pods()));
    if (!plane.audit().kept()) {
      System.out.println("what the node asked is not judged: there is no audit log of a cluster that was given");
    }
    for (AuditLog.Request request : plane.audit().of(NODE)) {
      if (request.code() == 400 || request.code() == 401 || request.code() == 403 || request.code() == 422) {
        problems.add("refused: " + request + " " + request.body());
      }
    }
    assertEquals(List.of(), problems, () -> problems.size() + " problems:\n" + String.join("\n", problems));
  }

  @Override
  public void close() throws IOException {
    watcher.close();
    end();
  }

  private void end() throws IOException {
    try {
      if (node != null) {
        node.close();
        Mounts.remove(home);
        plane.forget(NODE);
      }
    } finally {
      containerd.ifPresent(Containerd::close);
      plane.close();
      Distribution.remove(home);
    }
  }
}

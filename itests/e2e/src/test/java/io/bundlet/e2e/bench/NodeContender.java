package io.bundlet.e2e.bench;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.peer.UpstreamKubelet;
import io.bundlet.testkit.containerd.CriClient;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A kubelet with a folder of manifests. */
abstract class NodeContender implements Contender {
  private final String name;
  private final CriClient runtime;

  private NodeContender(String name, CriClient runtime) {
    this.name = name;
    this.runtime = runtime;
  }

  /** Ours. */
  static NodeContender of(NodeProcess node, CriClient runtime) {
    return new Bundlet(node, runtime);
  }

  /** The Kubernetes project's. */
  static NodeContender of(UpstreamKubelet kubelet, CriClient runtime) {
    return new Upstream(kubelet, runtime);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run(List<String> pods, Path said) throws Exception {
    for (String pod : pods) {
      put(pod, StaticPod.yaml(pod, said));
    }
  }

  @Override
  public void end(List<String> pods) throws Exception {
    for (String pod : pods) {
      withdraw(pod);
    }
    emptied();
  }

  /** Waits until nothing of its pods is left, which it sees to itself. */
  void emptied() {
    Contender.empty(runtime);
  }

  CriClient runtime() {
    return runtime;
  }

  /** Renames a manifest into the folder. */
  abstract void put(String pod, String yaml) throws IOException;

  abstract void withdraw(String pod) throws IOException;

  abstract long pid();

  /** Whether it tells everybody who asks that this container runs. */
  abstract boolean tellsRunning(String pod, String container) throws Exception;

  private static final class Bundlet extends NodeContender {
    private final NodeProcess node;

    Bundlet(NodeProcess node, CriClient runtime) {
      super("Bundlet", runtime);
      this.node = node;
    }

    @Override
    void put(String pod, String yaml) throws IOException {
      node.manifest(pod + ".yaml", yaml);
    }

    @Override
    void withdraw(String pod) throws IOException {
      node.withdraw(pod + ".yaml");
    }

    @Override
    long pid() {
      return node.pid();
    }

    @Override
    boolean tellsRunning(String pod, String container) throws IOException {
      String state = new NodeShell(node.data()).ask("pod:info " + pod).lines()
          .filter(line -> line.startsWith(container + " ")).map(line -> line.split(" +")[1]).findFirst().orElse("");
      return state.equalsIgnoreCase("running");
    }
  }

  private static final class Upstream extends NodeContender {
    private final UpstreamKubelet kubelet;

    Upstream(UpstreamKubelet kubelet, CriClient runtime) {
      super("upstream", runtime);
      this.kubelet = kubelet;
    }

    @Override
    void put(String pod, String yaml) throws IOException {
      kubelet.put(pod, yaml);
    }

    @Override
    void withdraw(String pod) throws IOException {
      kubelet.withdraw(pod);
    }

    @Override
    void emptied() {
      Contender.emptied(runtime());
    }

    @Override
    long pid() {
      return kubelet.pid();
    }

    @Override
    boolean tellsRunning(String pod, String container) throws Exception {
      for (JsonNode one : kubelet.pods()) {
        if (one.path("metadata").path("name").asString("").equals(pod + "-" + UpstreamKubelet.NODE)) {
          for (JsonNode status : one.path("status").path("containerStatuses")) {
            if (status.path("name").asString("").equals(container)) {
              return status.path("state").path("running").isObject();
            }
          }
        }
      }
      return false;
    }
  }
}

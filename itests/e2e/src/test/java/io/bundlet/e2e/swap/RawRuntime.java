package io.bundlet.e2e.swap;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.testkit.containerd.Containerd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What containerd and the kernel say of the containers, past the node. */
final class RawRuntime {
  private static final String POD = "io.kubernetes.pod.name";

  private final Containerd containerd;

  RawRuntime(Containerd containerd) {
    this.containerd = containerd;
  }

  /** Of each pod its container's id, pid, and the time when the kernel started that process. */
  Map<String, String> containers() throws IOException, InterruptedException {
    Map<String, String> pids = pids();
    Map<String, String> found = new TreeMap<>();
    for (Container container :
        containerd.client().runtime().listContainers(ListContainersRequest.getDefaultInstance()).getContainersList()) {
      String pid = pids.getOrDefault(container.getId(), "none");
      found.merge(container.getLabelsMap().getOrDefault(POD, ""),
          container.getId().substring(0, 12) + " pid " + pid + " since " + since(pid), (one, two) -> one + " and "
          + two);
    }
    return found;
  }

  /** How many sandboxes each pod has. */
  Map<String, Integer> sandboxes() {
    Map<String, Integer> found = new TreeMap<>();
    containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()
        .forEach(sandbox -> found.merge(sandbox.getLabelsMap().getOrDefault(POD, ""), 1, Integer::sum));
    return found;
  }

  private Map<String, String> pids() throws IOException, InterruptedException {
    Process ctr = new ProcessBuilder("ctr", "--address", containerd.socket().toString(), "--namespace", "k8s.io",
        "tasks", "ls").redirectErrorStream(true).start();
    String text = new String(ctr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    ctr.waitFor();
    Map<String, String> pids = new TreeMap<>();
    text.lines().map(line -> line.strip().split("\\s+")).filter(words -> words.length == 3)
        .forEach(words -> pids.put(words[0], words[1]));
    return pids;
  }

  private static String since(String pid) throws IOException {
    Path stat = Path.of("/proc", pid, "stat");
    if (!Files.exists(stat)) {
      return "never";
    }
    String text = Files.readString(stat);
    return text.substring(text.lastIndexOf(')') + 2).split(" ")[19];
  }
}

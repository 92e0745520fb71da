package io.bundlet.testkit.pods;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Every status that a node has told since the recorder listens to it, over the node's deaths. */
public final class StatusHistory {
  private final Path path;
  private final JsonFile file;
  private final List<PodStatus> all = new ArrayList<>();
  private final Map<String, List<PodStatus>> byPod = new HashMap<>();
  private final List<Long> lives = new ArrayList<>();

  public StatusHistory(Path file) {
    this.path = file.toAbsolutePath();
    this.file = new JsonFile(path);
  }

  /** What the node is to be started with. */
  public String[] options() {
    return new String[] {"--set", "io.bundlet.testkit.recorder:file=" + path};
  }

  private void read() throws IOException {
    for (JsonNode line : file.more()) {
      if (line.has("pod")) {
        PodStatus status = new PodStatus(line);
        all.add(status);
        byPod.computeIfAbsent(status.name(), name -> new ArrayList<>()).add(status);
      } else {
        lives.add(line.path("process").asLong());
      }
    }
  }

  /** All statuses of all pods, in the order in which they were told. */
  public synchronized List<PodStatus> all() throws IOException {
    read();
    return List.copyOf(all);
  }

  /** Those of one pod, by its name; the last one of a pod that is gone says so. */
  public synchronized List<PodStatus> of(String pod) throws IOException {
    read();
    return List.copyOf(byPod.getOrDefault(pod, List.of()));
  }

  /** How a pod was last. */
  public Optional<PodStatus> latest(String pod) throws IOException {
    List<PodStatus> all = of(pod);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** The processes that were listened to, in order: one a life of the node. */
  public synchronized List<Long> lives() throws IOException {
    read();
    return List.copyOf(lives);
  }
}

package io.bundlet.console;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the logs of all containers, the present instance of each. Used by one thread. */
final class LogFollower {
  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
  private final Consumer<String> lines;
  private final Map<String, Map<String, CriLog>> byPod = new HashMap<>();

  LogFollower(Consumer<String> lines) {
    this.lines = lines;
  }

  void follow(PodView pod) {
    Map<String, CriLog> logs = byPod.computeIfAbsent(pod.uid(), unused -> new HashMap<>());
    for (ContainerView container : pod.containers()) {
      if (container.logFile().isEmpty()) {
        continue;
      }
      Path file = Path.of(container.logFile());
      CriLog before = logs.get(container.name());
      if (before != null && before.file().equals(file)) {
        continue;
      }
      if (before != null) {
        end(before);
      }
      String prefix = Names.of(pod) + "/" + container.name() + " | ";
      logs.put(container.name(), new CriLog(file, text -> lines.accept(prefix + text)));
    }
    logs.values().forEach(this::poll);
  }

  /** Prints what is new; true when there was something. */
  boolean poll() {
    boolean more = false;
    for (Map<String, CriLog> logs : byPod.values()) {
      for (CriLog log : logs.values()) {
        more |= poll(log);
      }
    }
    return more;
  }

  private boolean poll(CriLog log) {
    try {
      return log.poll();
    } catch (IOException e) {
      LOG.warn("The log {} cannot be read: {}", log.file(), e.getMessage());
      return false;
    }
  }

  /** Reads what is left of a pod that is gone. */
  void forget(String uid) {
    Map<String, CriLog> logs = byPod.remove(uid);
    if (logs != null) {
      logs.values().forEach(this::end);
    }
  }

  void forgetAll() {
    List<String> uids = new ArrayList<>(byPod.keySet());
    uids.forEach(this::forget);
  }

  private void end(CriLog log) {
    try (log) {
      log.finish();
    } catch (IOException e) {
      LOG.warn("The log {} cannot be read to its end: {}", log.file(), e.getMessage());
    }
  }
}

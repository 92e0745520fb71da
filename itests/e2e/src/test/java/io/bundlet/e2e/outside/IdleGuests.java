package io.bundlet.e2e.outside;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** WASI pods of a node that are blocked in a poll, and say so before: on one engine, as many as one likes. */
public final class IdleGuests {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final NodeProcess node;
  private final String engine;
  private final int many;

  public IdleGuests(NodeProcess node, String engine, int many) {
    this.node = node;
    this.engine = engine;
    this.many = many;
  }

  /** Runs them all at once, and waits until each has said that it is idle. */
  public void run() throws IOException {
    for (int i = 0; i < many; i++) {
      node.manifest(name(i) + ".yaml", Manifests.wasi(name(i), Distribution.guest("hostcalls")).engine(engine)
          .args("idle", "10").grace(1).yaml());
    }
    Set<Path> idle = new HashSet<>();
    Eventually.until("all " + many + " on " + engine + " idle", LIMIT, PAUSE, () -> {
      for (Path each : logs()) {
        Path log = each.resolve("main/0.log");
        if (!idle.contains(each) && Files.exists(log) && Files.readString(log).contains(" F idle\n")) {
          idle.add(each);
        }
      }
      return idle.size() == many;
    });
  }

  /** Deletes them, and waits until their logs are gone, which go last. */
  public void delete() throws IOException {
    for (int i = 0; i < many; i++) {
      node.withdraw(name(i) + ".yaml");
    }
    Eventually.until("all " + many + " on " + engine + " are gone", LIMIT, PAUSE, () -> logs().isEmpty());
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> all = Files.list(node.data().resolve("logs"))) {
      return all.filter(each -> each.getFileName().toString().startsWith("default_idle-" + engine)).toList();
    }
  }

  private String name(int i) {
    return "idle-" + engine + "-" + i;
  }
}

package io.bundlet.e2e.bench;

import io.bundlet.e2e.outside.Holdings;
import io.bundlet.e2e.outside.Jvm;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What many pods cost that are blocked in a poll, on one engine of a node that has nothing else: the difference of its
 * process to what it was without them, so that nothing of the node's own work for a pod is left out.
 */
final class IdlePods {
  private static final int SETTLE_SECONDS = 15;
  private static final int IDLE_SECONDS = Integer.getInteger("idle.seconds", 60);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final NodeProcess node;
  private final String engine;
  private final int many;

  /** What was found. @param kibibytes a pod, after a collection @param percent of a processor, of all together */
  record Found(double kibibytes, double percent) {}

  IdlePods(NodeProcess node, String engine, int many) {
    this.node = node;
    this.engine = engine;
    this.many = many;
  }

  /** Runs them, measures, and removes them. */
  Found measure(SpeedTable table) throws IOException, InterruptedException {
    Jvm jvm = new Jvm(node.pid());
    Sample none = settled(jvm);
    long begin = System.nanoTime();
    for (int i = 0; i < many; i++) {
      node.manifest(name(i) + ".yaml", Manifests.wasi(name(i), Distribution.guest("hostcalls")).engine(engine)
          .args("idle", "10").grace(1).yaml());
    }
    awaitIdle();
    double started = (System.nanoTime() - begin) / 1e9;
    Sample grown = Sample.of(node.pid());
    Sample all = settled(jvm);
    double cpu = Footprint.cpuSeconds(node.pid());
    long from = System.nanoTime();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
    double percent = (Footprint.cpuSeconds(node.pid()) - cpu) / ((System.nanoTime() - from) / 1e9) * 100;
    for (int i = 0; i < many; i++) {
      node.withdraw(name(i) + ".yaml");
    }
    Eventually.until("all logs are gone", LIMIT, PAUSE, () -> logs().isEmpty());
    Sample after = settled(jvm);
    line(table, "before a collection", none, grown, "", String.format(Locale.ROOT, "%.1f", started));
    line(table, "after a collection", none, all, String.format(Locale.ROOT, "%.2f", percent), "");
    table.line("(" + engine + ": without pods " + none + "; with them " + all + "; when they are gone " + after + ")");
    return new Found(each(none.memory.rss(), all.memory.rss()), percent);
  }

  private void line(SpeedTable table, String when, Sample none, Sample with, String percent, String seconds) {
    table.line(String.format(Locale.ROOT, "| %s, %d pods, %s | %.0f | %.0f | %+d | %+d | %+d | %s | %s |", engine, many,
        when, each(none.memory.rss(), with.memory.rss()), each(none.memory.pss(), with.memory.pss()),
        with.has.threads() - none.has.threads(), with.has.descriptors() - none.has.descriptors(),
        with.has.mappings() - none.has.mappings(), percent, seconds));
  }

  static void head(SpeedTable table) {
    table.line("");
    table.line("| idle WASI pods | RSS, KiB a pod | PSS, KiB a pod | threads more | descriptors more | mappings more"
        + " | CPU, % of a core | s until all run |");
    table.line("|---|---|---|---|---|---|---|---|");
  }

  /** What the process has. */
  private record Sample(Footprint memory, Holdings has) {
    static Sample of(long pid) throws IOException {
      return new Sample(Footprint.of(pid), Holdings.of(pid));
    }

    @Override
    public String toString() {
      return memory + ", " + has;
    }
  }

  private double each(long before, long now) {
    return (now - before) / 1024.0 / many;
  }

  /** After a collection, and after the time in which the node gives back what it has freed. */
  private Sample settled(Jvm jvm) throws IOException, InterruptedException {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
    jvm.heapAfterGc();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
    return Sample.of(node.pid());
  }

  private void awaitIdle() {
    Set<Path> idle = new HashSet<>();
    Eventually.until("all pods idle", LIMIT, PAUSE, () -> {
      for (Path each : logs()) {
        Path log = each.resolve("main/0.log");
        if (!idle.contains(each) && Files.exists(log) && Files.readString(log).contains(" F idle\n")) {
          idle.add(each);
        }
      }
      return idle.size() == many;
    });
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

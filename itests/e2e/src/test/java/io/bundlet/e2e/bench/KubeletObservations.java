package io.bundlet.e2e.bench;

import io.bundlet.testkit.node.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is seen of kubelets whose calls pass a proxy: the path of a pod's start, idleness, exits. */
final class KubeletObservations {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int CONTAINERS = 5;
  private static final int SETTLE_SECONDS = 30;
  private static final int IDLE_SECONDS = Integer.getInteger("idle.seconds", 60);

  private final List<NodeContender> kubelets;
  private final List<CallLog> logs;
  private final Path said;
  private final Supplier<String> name;
  private final SpeedTable table;
  private final Goals goals;

  /**
   * Of the first kubelet it is said whether it reaches the goals.
   *
   * @param logs of the calls of each
   * @param said the directory of {@link Arrivals}
   * @param name gives names of pods that there never were
   */
  KubeletObservations(List<NodeContender> kubelets, List<CallLog> logs, Path said, Supplier<String> name,
      SpeedTable table, Goals goals) {
    this.kubelets = kubelets;
    this.logs = logs;
    this.said = said;
    this.name = name;
    this.table = table;
    this.goals = goals;
  }

  private List<String> names(int count) {
    return Stream.generate(name).limit(count).toList();
  }

  /** Where one pod's start spends its time. */
  void paths(int rounds) throws Exception {
    table.line("");
    table.line("| path of one pod, behind a proxy | what | median ms | n |");
    table.line("|---|---|---|---|");
    for (int i = 0; i < kubelets.size(); i++) {
      Breakdown breakdown = new Breakdown();
      for (int round = -1; round < rounds; round++) {
        List<String> pods = names(1);
        try (Arrivals arrivals = new Arrivals(said, 1)) {
          long begin = System.nanoTime();
          kubelets.get(i).run(pods, said);
          long running = arrivals.await();
          // its last call's answer may come after the guest's first act
          long since = begin;
          CallLog log = logs.get(i);
          Eventually.until("the start is answered", LIMIT,
              () -> log.since(since).stream().anyMatch(call -> call.method().equals("StartContainer")));
          if (round >= 0) {
            breakdown.add(begin, running, log.since(begin));
          }
          kubelets.get(i).end(pods);
          log.clear();
        }
      }
      breakdown.print(table, kubelets.get(i).name());
    }
  }

  /** What many pods cost that do nothing. */
  void idle(int many) throws Exception {
    table.line("");
    table.line("| idle with " + many + " pods | memory | CPU, % of a core | CRI calls a minute |");
    table.line("|---|---|---|---|");
    List<String> pods = names(many);
    try (Arrivals arrivals = new Arrivals(said, many * kubelets.size())) {
      for (NodeContender each : kubelets) {
        each.run(pods, said);
      }
      arrivals.await();
    }
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
    List<Footprint> before = new ArrayList<>();
    for (NodeContender each : kubelets) {
      before.add(Footprint.of(each.pid()));
    }
    logs.forEach(CallLog::clear);
    long begin = System.nanoTime();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
    double seconds = (System.nanoTime() - begin) / 1e9;
    for (int i = 0; i < kubelets.size(); i++) {
      Footprint now = Footprint.of(kubelets.get(i).pid());
      double percent = (now.cpuSeconds() - before.get(i).cpuSeconds()) / seconds * 100;
      Map<String, Long> calls = logs.get(i).perMinute(seconds);
      table.line(String.format(Locale.ROOT, "| %s | %s | %.2f | %d: %s |", kubelets.get(i).name(), now, percent,
          calls.values().stream().mapToLong(Long::longValue).sum(), calls));
      if (i == 0) {
        goals.add("idle with " + many + " pods: % of a core", percent, 1);
      }
    }
    for (NodeContender each : kubelets) {
      each.end(pods);
    }
  }

  /** How soon the death of a container is told. */
  void exits(int many) throws Exception {
    table.line("");
    table.line("| exit noticed, ms from the kill | p50 | p99 | max | n |");
    table.line("|---|---|---|---|---|");
    List<String> pods = names(many);
    List<Exits> all = new ArrayList<>();
    for (NodeContender each : kubelets) {
      try (Arrivals arrivals = new Arrivals(said, many * CONTAINERS)) {
        for (String pod : pods) {
          each.put(pod, StaticPod.mortal(pod, said, CONTAINERS));
        }
        arrivals.await();
      }
      Eventually.until("all are told to run", LIMIT, Duration.ofMillis(200), () -> {
        for (String pod : pods) {
          for (int i = 0; i < CONTAINERS; i++) {
            if (!each.tellsRunning(pod, "c" + i)) {
              return false;
            }
          }
        }
        return true;
      });
      all.add(new Exits(each, pods));
    }
    while (all.getFirst().left() > 0) {
      for (Exits each : all) {
        each.next();
      }
    }
    for (int i = 0; i < all.size(); i++) {
      double[] sorted = all.get(i).sortedMillis();
      double p99 = SpeedTable.at(sorted, 0.99);
      table.line(String.format(Locale.ROOT, "| %s | %.0f | %.0f | %.0f | %d |", kubelets.get(i).name(),
          SpeedTable.at(sorted, 0.5), p99, sorted[sorted.length - 1], sorted.length));
      if (i == 0) {
        goals.add("exit noticed: p99, ms", p99, 1000);
      }
      kubelets.get(i).end(pods);
    }
  }
}

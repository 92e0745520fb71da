package io.bundlet.e2e.bench;

import io.bundlet.e2e.outside.Holdings;
import io.bundlet.e2e.outside.IdleGuests;
import io.bundlet.e2e.outside.Jvm;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What many pods cost that are blocked in a poll, on one engine of a node that has nothing else: the difference of its
 * process to what it was without them, so that nothing of the node's own work for a pod is left out.
 */
final class IdlePods {
  private static final int SETTLE_SECONDS = 15;
  private static final int IDLE_SECONDS = Integer.getInteger("idle.seconds", 60);

  private final NodeProcess node;
  private final String engine;
  private final int many;
  private final IdleGuests pods;

  /** What was found. @param kibibytes a pod, after a collection @param percent of a processor, of all together */
  record Found(double kibibytes, double percent) {}

  IdlePods(NodeProcess node, String engine, int many) {
    this.node = node;
    this.engine = engine;
    this.many = many;
    pods = new IdleGuests(node, engine, many);
  }

  /** Runs them, measures, and removes them. */
  Found measure(SpeedTable table) throws IOException, InterruptedException {
    Jvm jvm = new Jvm(node.pid());
    Sample none = settled(jvm);
    long begin = System.nanoTime();
    pods.run();
    double started = (System.nanoTime() - begin) / 1e9;
    Sample grown = Sample.of(node.pid());
    Sample all = settled(jvm);
    double cpu = Footprint.cpuSeconds(node.pid());
    long from = System.nanoTime();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
    double percent = (Footprint.cpuSeconds(node.pid()) - cpu) / ((System.nanoTime() - from) / 1e9) * 100;
    pods.delete();
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
}

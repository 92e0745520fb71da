package io.bundlet.e2e.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.e2e.bench.Footprint;
import io.bundlet.e2e.outside.Holdings;
import io.bundlet.e2e.outside.IdleGuests;
import io.bundlet.e2e.outside.Jvm;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many pods run and are deleted, three times over, and the node is as it was: 1,000 with {@code -Dlong=true}, else 60.
 * What is loaded and compiled at the first use of an engine is there before: one pod has run on it.
 */
@Timeout(1800)
class ManyPodsTest {
  private static final boolean LONG = Boolean.getBoolean("long");
  private static final int MANY = Integer.getInteger("pods", LONG ? 1000 : 60);
  private static final int TIMES = 3;
  private static final Duration LIMIT = Duration.ofMinutes(LONG ? 10 : 2);
  private static final Duration PAUSE = Duration.ofMillis(200);
  /** The JVM's compilers and the carriers of virtual threads come and go. */
  private static final int MORE_THREADS = 10;
  private static final int MORE_DESCRIPTORS = 2;
  /**
   * A heap that has been larger is mapped in more pieces, and glibc keeps 40 MiB of the stacks of threads that have
   * ended: of guests of endive, which have 512 KiB each, these are 80, of two lines each.
   */
  private static final int MORE_MAPPINGS = 260;
  /** What the JVM keeps of many pods: code that it has compiled, the heap's own book-keeping, no pod. */
  private static final long MORE_MEMORY = 96L << 20;
  /** Of objects: 2 KiB for each of 1,000 pods would be too much. */
  private static final long MORE_HEAP = 2L << 20;

  private NodeProcess node;

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void manyPodsRunAndAreDeletedAndNothingIsLeft(String engine) throws Exception {
    try (OwnNode own = OwnNode.withoutContainers()) {
      node = own.start("--max-pods", Integer.toString(MANY + 10)).process();
      Jvm jvm = new Jvm(node.pid());
      round(engine, 1);
      long heap = jvm.heapAfterGc();
      Holdings before = Holdings.of(node.pid());
      long memory = Footprint.of(node.pid()).rss();
      List<String> seen = new ArrayList<>(List.of(
          "at first " + Footprint.of(node.pid()) + ", " + megabytes(heap) + " of objects, " + before));
      for (int time = 0; time < TIMES; time++) {
        long begin = System.nanoTime();
        round(engine, MANY);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Eventually.until("objects are as before: " + seen, LIMIT, PAUSE, () -> {
          long now = jvm.heapAfterGc();
          return so(now + " bytes, before " + heap, now <= heap + MORE_HEAP);
        });
        Eventually.until("threads, descriptors and mappings are as before: " + seen, LIMIT, PAUSE, () -> {
          Holdings now = Holdings.of(node.pid());
          return so(now, now.threads() <= before.threads() + MORE_THREADS
              && now.descriptors() <= before.descriptors() + MORE_DESCRIPTORS
              && now.mappings() <= before.mappings() + MORE_MAPPINGS);
        });
        Eventually.until("memory is as before: " + seen, LIMIT, PAUSE, () -> {
          Footprint now = Footprint.of(node.pid());
          return so(now, now.rss() <= memory + MORE_MEMORY);
        });
        seen.add("%s after %d pods in %.1f s, %s of objects, %s".formatted(Footprint.of(node.pid()), MANY, seconds,
            megabytes(jvm.heapAfterGc()), Holdings.of(node.pid())));
      }
      System.out.println("| " + engine + " | " + String.join(" | ", seen) + " |");
    }
  }

  private static String megabytes(long bytes) {
    return "%.1f MB".formatted(bytes / 1e6);
  }

  /** What it tells when it was waited for in vain. */
  private static boolean so(Object seen, boolean isSo) {
    if (!isSo) {
      throw new IllegalStateException("now " + seen);
    }
    return true;
  }

  /** Runs so many pods at once, until each has said that it runs, and deletes them, until nothing is left of them. */
  private void round(String engine, int many) throws IOException {
    IdleGuests pods = new IdleGuests(node, engine, many);
    pods.run();
    assertEquals(many, new Jvm(node.pid()).threads("guest default/i").size(), "a thread for each pod");
    pods.delete();
  }
}

package io.bundlet.e2e.swap;

import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a node has after some rounds, when it is at rest: counted by the kernel and on the disk, and within the JVM by
 * the witness, after a collection.
 *
 * @param dataFiles files and directories in the data directory
 * @param temporaryFiles those in the directory for temporary files, which is the node's own
 * @param otherFiles those in the distribution, its plugins and its manifests, and the container runtime's sandboxes
 * @param heapKib used heap, after a collection
 * @param metaspaceKib used metaspace: classes, and the JVM's profiles of their methods
 * @param rssKib resident memory in all
 * @param fileRssKib the part of it that is mapped from files
 */
record RoundsSample(int round, long threads, long javaThreads, long descriptors, long classes, long loaders,
    long oldLoaders, long dataFiles, long temporaryFiles, long otherFiles, long heapKib, long metaspaceKib, long rssKib,
    long fileRssKib) {
  /** Longer than the time between two trims of the node, see TrimNativeHeapInterval in bin/bundlet. */
  private static final Duration REST = Duration.ofMillis(5500);

  private static final Duration REST_LIMIT = Duration.ofMinutes(2);
  private static final long REST_KIB = 512;

  static final String HEAD = "%6s %7s %6s %5s %7s %7s %5s %5s %5s %5s %9s %9s %9s %9s".formatted("rounds", "threads",
      "(java)", "fds", "classes", "loaders", "(old)", "data", "temp", "other", "heap KiB", "meta KiB", "RSS KiB",
      "(files)");

  /**
   * Counts, after a collection.
   *
   * @param atRest whether memory is to be at rest, too: the node gives back every few seconds what it has freed, and a
   *     compiler that is at work holds some 20 MiB
   */
  static RoundsSample of(SwapNode node, int round, boolean atRest) throws IOException {
    node.witness.awaitCollected(SwapNode.LIMIT);
    WitnessFiles.State state = node.witness.state();
    long pid = node.node.pid();
    if (atRest) {
      awaitRest(pid);
    }
    long others = count(node.distribution.home()) + count(node.node.plugins()) + count(node.node.manifests())
        + (node.runtime == null ? 0 : node.runtime.sandboxes().size());
    return new RoundsSample(round, status(pid, "Threads:"), state.threads(), count(Path.of("/proc/" + pid + "/fd"), 1),
        state.classes(), state.count("current"), state.count("old"), count(node.node.data()),
        count(node.node.temporary()), others, state.heap() >> 10, state.metaspace() >> 10, status(pid, "VmRSS:"),
        status(pid, "RssFile:"));
  }

  private static void awaitRest(long pid) throws IOException {
    long[] since = {status(pid, "VmRSS:"), System.nanoTime()};
    Eventually.until("memory is at rest", REST_LIMIT, () -> {
      long now = status(pid, "VmRSS:");
      if (Math.abs(now - since[0]) > REST_KIB) {
        since[0] = now;
        since[1] = System.nanoTime();
      }
      return System.nanoTime() - since[1] > REST.toNanos();
    });
  }

  private static long status(long pid, String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split(" ")[0]).mapToLong(Long::parseLong).findFirst()
        .orElseThrow();
  }

  private static long count(Path directory) throws IOException {
    return count(directory, Integer.MAX_VALUE);
  }

  private static long count(Path directory, int depth) throws IOException {
    while (true) {
      try (Stream<Path> files = Files.walk(directory, depth)) {
        return files.count() - 1;
      } catch (UncheckedIOException failed) {
        // Something went while it was counted.
        if (!(failed.getCause() instanceof NoSuchFileException)) {
          throw failed;
        }
      }
    }
  }

  /** A table of samples. */
  static String table(String title, List<RoundsSample> samples) {
    StringBuilder text = new StringBuilder(title + "\n" + HEAD + "\n");
    samples.forEach(sample -> text.append(sample).append('\n'));
    return text.toString();
  }

  @Override
  public String toString() {
    return "%6d %7d %6d %5d %7d %7d %5d %5d %5d %5d %9d %9d %9d %9d".formatted(round, threads, javaThreads, descriptors,
        classes, loaders, oldLoaders, dataFiles, temporaryFiles, otherFiles, heapKib, metaspaceKib, rssKib, fileRssKib);
  }
}

package io.bundlet.e2e.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that writes as fast as it can gets no more into its log than it may, and all of it in the end. */
@Timeout(300)
class OutputLimitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int RATE = 512 << 10;
  private static final int LINES = 60_000;
  /** What is on its way in a FIFO and a buffer of the guest's library does not count as written yet. */
  private static final int ON_ITS_WAY = 128 << 10;

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void whoWritesTooMuchIsHeldBackAndLosesNothing(String engine) throws Exception {
    String nonce = UUID.randomUUID().toString();
    List<String> expected =
        Stream.concat(IntStream.range(0, LINES).mapToObj(n -> nonce + " " + n), Stream.of(nonce + " end")).toList();
    long bytes = expected.stream().mapToLong(line -> line.length() + 1).sum() - 1;
    try (OwnNode own = OwnNode.withoutContainers()) {
      NodeProcess node = own.start("--set", "io.bundlet.wasm-host:output.bytes.per.second=" + RATE).process();
      long begin = System.nanoTime();
      node.manifest("loud.yaml", Manifests.wasi("loud", Distribution.guest("chatter")).engine(engine)
          .args(nonce, "" + LINES, "" + LINES, "0").restart("Never").grace(1).yaml());
      own.shell().await("loud", "loud", LIMIT, pod -> pod.phase().equals("Succeeded"));
      double seconds = (System.nanoTime() - begin) / 1e9;
      Eventually.until("all is in the log", LIMIT, () -> PodLog.lines(node.data(), "loud", "main").size() > LINES);
      assertEquals(expected, PodLog.lines(node.data(), "loud", "main").stream().map(PodLog.Line::text).toList());
      double least = (double) (bytes - RATE - ON_ITS_WAY) / RATE;
      assertTrue(seconds >= least, seconds + " s for what takes " + least + " s at least");
      System.out.printf("| %s | %d bytes in %.2f s, %d a second allowed |%n", engine, bytes, seconds, RATE);
    }
  }
}

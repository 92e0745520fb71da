package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A provider or engine is installed, runs a pod, and is removed, again and again: nothing may grow, as
 * {@link Flatness} has it. 100 rounds with {@code -Dlong=true}, or as many as {@code -Dexchanges=N} says; else a few,
 * in which memory says nothing yet.
 *
 * <p>The JVM compiles methods for as long as some are still not compiled, and each takes memory, ever fewer of them. So
 * resident memory is judged twice: as it is in production, where the compiler is allowed its part, and strictly with
 * the compiler off, so that only what the node keeps can grow.
 */
class RoundsTest {
  private static final boolean LONG = Boolean.getBoolean("long");
  private static final int ROUNDS = Integer.getInteger("exchanges", LONG ? 100 : 5);
  private static final int EVERY = LONG ? Math.max(1, ROUNDS / 10) : 1;
  private static final double COMPILED = 0.10;
  private static final double INTERPRETED = 0.05;

  @ParameterizedTest
  @ValueSource(strings = {
    "io.bundlet.wasi.provider",
    "io.bundlet.wascc.provider",
    "io.bundlet.cri.provider",
    "io.bundlet.wasm-engine-wasmtime",
    "io.bundlet.wasm-engine-endive",
  })
  void nothingGrows(String bundle, @TempDir Path home) throws Exception {
    rounds(bundle, home, "", COMPILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "io.bundlet.wasi.provider",
    "io.bundlet.wascc.provider",
    "io.bundlet.cri.provider",
    "io.bundlet.wasm-engine-wasmtime",
    "io.bundlet.wasm-engine-endive",
  })
  @EnabledIfSystemProperty(named = "long", matches = "true", disabledReason = "long")
  void memoryIsFlatWithoutTheCompiler(String bundle, @TempDir Path home) throws Exception {
    rounds(bundle, home, "-Xint", INTERPRETED);
  }

  private static void rounds(String bundle, Path home, String javaOptions, double share) throws IOException {
    boolean containers = bundle.equals("io.bundlet.cri.provider");
    Assumptions.assumeTrue(!containers || Containerd.available(), "needs root and containerd");
    Distribution without = Distribution.built().copyTo(home.resolve("bundlet"));
    Path jar = home.resolve("taken-out.jar");
    Files.move(without.bundle(bundle), jar);
    List<RoundsSample> samples = new ArrayList<>();
    try (SwapNode node = SwapNode.start(home.resolve("node"), without, containers, javaOptions)) {
      samples.add(RoundsSample.of(node, 0, LONG));
      for (int round = 1; round <= ROUNDS; round++) {
        round(node, bundle, jar, round);
        if (round % EVERY == 0) {
          samples.add(RoundsSample.of(node, round, LONG));
          assertEquals(List.of(), Flatness.counts(samples, ROUNDS));
        }
      }
      if (LONG) {
        assertEquals(List.of(), Flatness.memory(samples, share));
      }
    } finally {
      System.out.println(RoundsSample.table(bundle + " " + javaOptions, samples));
    }
  }

  private static void round(SwapNode node, String bundle, Path jar, int round) throws IOException {
    int before = node.witness.events().size();
    node.node.plugin("it.jar", jar);
    String pod = "pod-" + round;
    String nonce = "nonce" + round;
    if (bundle.contains("wascc") || bundle.contains("endive")) {
      int port = Ports.free();
      node.run(pod, node.pods.echo(pod, port));
      Eventually.until(pod + " answers", SwapNode.LIMIT, () -> Ports.ask(port, "echo " + nonce).equals(nonce));
    } else if (bundle.contains("cri")) {
      node.run(pod, node.pods.containerHello(pod, nonce));
      node.awaitLine(pod, nonce);
    } else {
      node.run(pod, node.pods.hello(pod, nonce, ""));
      node.awaitLine(pod, nonce);
    }
    node.remove(pod);
    Files.delete(node.node.plugins().resolve("it.jar"));
    Eventually.until(bundle + " is removed", SwapNode.LIMIT, () -> node.witness.eventsAfter(before).stream()
        .anyMatch(event -> event.bundle().equals(bundle) && event.type().equals("UNINSTALLED")));
  }
}

package io.bundlet.e2e.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Containers that write numbered lines while their logs are rotated every second. Every number is there once, over all
 * files and in what {@code pod:logs} prints.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LogsTest {
  private static final Duration LIMIT = Duration.ofSeconds(240);
  private static final int LINES = 8000;

  private final String nonce = UUID.randomUUID().toString();
  private final long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
  private final List<Process> shells = new ArrayList<>();
  private Path home;
  private Containerd containerd;
  private NodeProcess node;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("logs");
    containerd = Containerd.start(home.resolve("c"));
    node = new NodeProcess(
        Distribution.built(), home.resolve("node"), "--cri-endpoint", containerd.socket().toString(),
        "--set", "io.bundlet.core:log.max.size=20Ki", "--set", "io.bundlet.core:log.max.files=1000",
        "--set", "io.bundlet.core:log.interval.seconds=1");
  }

  @AfterEach
  void end() throws IOException {
    shells.forEach(Process::destroyForcibly);
    if (node != null) {
      node.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    Distribution.remove(home);
  }

  private String box(String name, int pauseMillis) {
    return Manifests.busybox(name, "n=0; while [ $n -lt " + LINES + " ]; do echo $NONCE $n; n=$((n+1));"
        + " [ $((n%100)) -eq 0 ] && usleep " + pauseMillis + "000; done; printf '%s end' $NONCE")
        .env("NONCE", nonce).restart("Never").grace(1).yaml();
  }

  private String guest(String name) {
    return Manifests.wasi(name, Distribution.guest("chatter")).args(nonce, "" + LINES, "100", "100")
        .restart("Never").grace(1).yaml();
  }

  private List<String> expected() {
    return Stream.concat(IntStream.range(0, LINES).mapToObj(n -> nonce + " " + n), Stream.of(nonce + " end")).toList();
  }

  private List<String> inFiles(String pod) throws IOException {
    return PodLog.lines(node.data(), pod, "main").stream().map(PodLog.Line::text).toList();
  }

  private long files(String pod) {
    // while they are listed some are renamed
    return Eventually.value("the files of " + pod, LIMIT, () -> {
      try (Stream<Path> all = Files.walk(node.data().resolve("logs"))) {
        return Optional.of(
            all.filter(file -> file.toString().contains("_" + pod + "_") && Files.isRegularFile(file)).count());
      }
    });
  }

  private void awaitPhase(String pod, String phase) {
    Eventually.until(pod + " is " + phase, LIMIT, () -> node.shell("pod:info", pod).output().lines()
        .anyMatch(line -> line.matches("Phase +" + phase)));
  }

  private Path follow(String pod) throws IOException {
    // one each: who begins later would cut off what another one has written
    Path out = home.resolve(pod + shells.size() + ".out");
    Path err = home.resolve(pod + shells.size() + ".err");
    shells.add(new ProcessBuilder(Distribution.built().command().toString(), "shell", "--data", node.data().toString(),
        "pod:logs", "-f", pod).redirectError(err.toFile()).redirectOutput(out.toFile()).start());
    return out;
  }

  /** The lists are long: shows where they part. */
  private static void same(List<String> expected, List<String> actual, String what) {
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
      if (i >= expected.size() || i >= actual.size() || !expected.get(i).equals(actual.get(i))) {
        fail(what + ", at line " + i + " of " + expected.size() + ", " + actual.size() + " are there: expected "
            + part(expected, i) + ", but was " + part(actual, i));
      }
    }
  }

  /** The last lines may come after the end is told, and what is being compressed may be read twice or not at all. */
  private void whole(String pod, String what) throws IOException {
    try {
      Eventually.until(what, LIMIT, Duration.ofMillis(50), () -> inFiles(pod).equals(expected()));
    } catch (AssertionError never) {
      same(expected(), inFiles(pod), what);
    }
  }

  private static List<String> part(List<String> lines, int at) {
    return lines.subList(Math.min(Math.max(0, at - 2), lines.size()), Math.min(at + 3, lines.size()));
  }

  @Test
  void everyLineIsThereOnceOverRotationsAndAtTheEnd() throws Exception {
    node.start().awaitReady();
    node.manifest("guest.yaml", guest("guest"));
    node.manifest("box.yaml", box("box", 100));
    List<Path> outs = new ArrayList<>();
    for (String pod : List.of("guest", "box")) {
      Eventually.until(pod + " writes", LIMIT, () -> !inFiles(pod).isEmpty());
      outs.add(follow(pod));
    }
    // Its client goes away in the middle, as by Ctrl-C: nobody else notices.
    Path left = follow("guest");
    Eventually.until("the third follower reads", LIMIT, () -> Files.size(left) > 0);
    shells.getLast().destroy();
    for (String pod : List.of("guest", "box")) {
      awaitPhase(pod, "Succeeded");
      whole(pod, pod + ", its files");
      assertTrue(files(pod) > 3, files(pod) + " files of " + pod);
    }
    for (int i = 0; i < 2; i++) {
      Process shell = shells.get(i);
      assertTrue(shell.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "pod:logs -f ends with the container");
      assertEquals(0, shell.exitValue());
      List<String> printed = Files.readAllLines(outs.get(i));
      Path errors = Path.of(outs.get(i).toString().replaceFirst("out$", "err"));
      assertEquals("", Files.readString(errors), "printed as an error");
      // It may have come after the first rotation: then it begins with a later line.
      int first = expected().indexOf(printed.getFirst());
      assertTrue(first >= 0, () -> "the first lines: " + printed.subList(0, 5));
      same(expected().subList(first, LINES + 1), printed, "printed by the shell, from " + first);
    }
    // Of the present file, which may have been begun after the last line.
    String tail = node.shell("pod:logs", "--tail", "1", "box").output();
    assertTrue(List.of(nonce + " end", "").contains(tail.strip()), tail);
    NodeProcess.Answer previous = node.shell("pod:logs", "-p", "box");
    assertEquals(1, previous.exitCode());
    assertEquals("previous terminated container \"main\" in pod \"box\" not found\n", previous.output());
  }

  @Test
  void aNodeThatDiesWhileItRotatesLosesNothingOfAContainer() throws Exception {
    Random random = new Random(seed);
    node.start().awaitReady();
    // Long enough for two lives of the node.
    node.manifest("box.yaml", box("box", 500));
    for (int kill = 0; kill < 2; kill++) {
      long before = kill == 0 ? 0 : files("box");
      Eventually.until("the log is rotated", LIMIT, () -> files("box") > before + 1);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1000)));
      node.kill9();
      if (kill == 1) {
        // The worst moment for certain: renamed, and nobody has told the runtime.
        try (Stream<Path> all = Files.walk(node.data().resolve("logs"))) {
          // not there: this was that very moment
          Optional<Path> current = all.filter(file -> file.getFileName().toString().equals("0.log")).findFirst();
          if (current.isPresent()) {
            Files.move(current.get(), current.get().resolveSibling("0.log.29991231-000000"));
          }
        }
      }
      node.start().awaitReady();
    }
    awaitPhase("box", "Succeeded");
    whole("box", "-Dseed=" + seed);
    assertTrue(files("box") > 3, files("box") + " files");
  }
}

package io.bundlet.e2e.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container runtime that comes and goes, directories that cannot be written, two nodes in one place. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BadSurroundingsTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final List<String> TABLE = new ArrayList<>();
  private Path home;
  private NodeProcess node;

  /** How a process ended, and what it printed. */
  private record Ended(int code, String output) {}

  @BeforeEach
  void begin() throws IOException {
    home = Files.createTempDirectory("bad");
  }

  @AfterEach
  void end() throws IOException {
    if (node != null) {
      node.close();
    }
    Distribution.remove(home);
  }

  @AfterAll
  static void print() {
    System.out.println("| surroundings | seen | other pod |");
    TABLE.forEach(System.out::println);
  }

  @Test
  void containerdIsAbsentComesGoesAndComesBack() throws Exception {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    Path place = home.resolve("c");
    node = new NodeProcess(
        Distribution.built(), home.resolve("node"), "--cri-endpoint", place.resolve("containerd.sock").toString());
    Counting counter = Counting.on(node);
    node.manifest("box.yaml", Manifests.busybox("box", "trap 'exit 0' TERM; sleep 100000 & wait").grace(1).yaml());
    node.start().awaitReady();
    NodeShell shell = new NodeShell(node.data());

    PodInfo waits = await(shell, "box", pod -> pod.messages().contains(place.toString()));
    row("containerd absent", waits.phase() + " " + waits.messages() + "; provider:list: " + provider(shell), counter);
    assertTrue(waits.text().contains("RuntimeProviderMissing"), waits.text());

    try (Containerd containerd = Containerd.start(place)) {
      PodInfo runs = await(shell, "box", BadSurroundingsTest::runs);
      row("containerd comes", runs.phase() + "; provider:list: " + provider(shell), counter);
      String id = runs.text().replaceAll("(?s).*containerd://([0-9a-f]+).*", "$1");

      containerd.kill();
      Eventually.until("it is told", LIMIT, () -> provider(shell).contains("NotReady"));
      PodInfo without = shell.pod("box");
      row("containerd killed", without.phase() + " " + without.messages() + "; provider:list: " + provider(shell),
          counter);
      assertEquals("Running", without.phase(), without.text());

      node.manifest("late.yaml", Manifests.busybox("late", "exit 0").restart("Never").grace(1).yaml());
      PodInfo late = await(shell, "late", pod -> !pod.messages().isEmpty());
      row("a pod comes meanwhile", late.phase() + " " + late.messages(), counter);

      containerd.startAgain();
      PodInfo back = await(shell, "late", pod -> pod.phase().equals("Succeeded"));
      PodInfo same = await(shell, "box", BadSurroundingsTest::runs);
      row("containerd back", "late " + back.phase() + ", box " + same.phase() + " with the same id", counter);
      assertTrue(same.text().contains(id), same.text());
      assertEquals(0, same.restarts());
      node.withdraw("box.yaml");
      node.withdraw("late.yaml");
      Eventually.until("the boxes are gone", LIMIT, () -> !shell.pod("box").exists() && !shell.pod("late").exists());
    }
  }

  @Test
  void theDataDirectoryCannotBeWritten() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
    Path readOnly = Files.createDirectories(home.resolve("readonly"));
    assertEquals(0, command("mount", "-t", "tmpfs", "-o", "ro,size=1m", "bundlet-test", readOnly.toString()).code());
    try {
      Ended ended = node(readOnly);
      row("read-only data directory", "exit " + ended.code() + ": " + ended.output(), null);
      assertEquals(3, ended.code(), ended.output());
      assertTrue(ended.output().contains(readOnly.toString()) && ended.output().contains("--data"), ended.output());
      assertEquals(1, ended.output().lines().count(), ended.output());
      Ended below = node(readOnly.resolve("below"));
      row("a data directory that cannot be made", "exit " + below.code() + ": " + below.output(), null);
      assertEquals(1, below.output().lines().count(), below.output());
    } finally {
      assertEquals(0, command("umount", readOnly.toString()).code());
    }
  }

  @Test
  void theDataDirectoryIsAFile() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "");
    Ended ended = node(file);
    row("a file as data directory", "exit " + ended.code() + ": " + ended.output(), null);
    assertEquals(3, ended.code(), ended.output());
    assertTrue(ended.output().contains(file.toString()) && ended.output().contains("--data"), ended.output());
    assertEquals(1, ended.output().lines().count(), ended.output());
  }

  @Test
  void aSecondNodeIsRefused() throws Exception {
    node = new NodeProcess(Distribution.built(), home.resolve("node"));
    Counting counter = Counting.on(node);
    node.start().awaitReady();
    Eventually.until("the counter counts", LIMIT, () -> counter.lines() > 0);
    Ended second = node(node.data());
    row("a second node on the same data directory", "exit " + second.code() + ": " + second.output(), counter);
    assertEquals(3, second.code(), second.output());
    assertTrue(second.output().contains("another node is running on the data directory " + node.data()),
        second.output());
    assertTrue(second.output().contains("--data"), second.output());
    assertEquals(1, second.output().lines().count(), second.output());
    assertTrue(new NodeShell(node.data()).ask("node:info").contains("Pods      1"));
  }

  private static boolean runs(PodInfo pod) {
    return pod.container("STATE").equals("Running");
  }

  private static PodInfo await(NodeShell shell, String name, Predicate<PodInfo> so) {
    return Eventually.value(name, LIMIT, () -> Optional.of(shell.pod(name)).filter(so));
  }

  private static String provider(NodeShell shell) throws IOException {
    return shell.ask("provider:list").lines().filter(line -> line.startsWith("cri "))
        .findFirst().orElse("").replaceAll(" +", " ");
  }

  private static void row(String what, String seen, Counting counter) throws IOException {
    TABLE.add("| %s | %s | %s |".formatted(what, seen.strip(), counter == null ? "-" : counter.goesOn()));
  }

  private Ended node(Path data) throws Exception {
    return command(Distribution.built().command().toString(), "node", "--data", data.toString(), "--manifests",
        Files.createDirectories(home.resolve("none")).toString());
  }

  private static Ended command(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(240, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", words) + " does not end");
    }
    return new Ended(
        process.exitValue(), new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }
}

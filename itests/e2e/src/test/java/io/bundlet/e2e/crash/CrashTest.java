package io.bundlet.e2e.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Kills a node with fifteen pods at random moments. {@code -Dseed=N} repeats a run's choices, {@code -Dkills=N} makes
 * it longer.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CrashTest {
  private static final Duration SETTLED = Duration.ofSeconds(120);

  /** What the moment of a kill is chosen from. */
  private enum Moment { AT_REST, WHILE_PODS_START, WHILE_THE_NODE_STARTS }

  private final long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
  private final Random random = new Random(seed);
  private final String nonce = UUID.randomUUID().toString();
  private final Map<TestPod, Seen> settled = new LinkedHashMap<>();
  private int cutStarts;
  private Path home;
  private Path starts;
  private Containerd containerd;
  private NodeProcess node;
  private Onlooker onlooker;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("crash");
    starts = Files.createDirectories(home.resolve("starts"));
    containerd = Containerd.start(home.resolve("c"));
    node = new NodeProcess(
        Distribution.built(), home.resolve("node"), "--cri-endpoint", containerd.socket().toString());
    onlooker = new Onlooker(containerd, node.data(), starts);
  }

  @AfterEach
  void end() throws IOException {
    if (node != null) {
      node.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  @Test
  void aKilledNodeKeepsItsRules() throws Exception {
    int kills = Integer.getInteger("kills", Boolean.getBoolean("long") ? 10 : 2);
    System.out.println("seed " + seed + ", " + kills + " kills (repeat with -Dseed=" + seed + ")");
    System.out.println("| kill | moment | after ms | new pods | settled in ms"
        + " | starts of wasm Always | containers kept |");
    List<TestPod> pods = new ArrayList<>(firstPods());
    node.start().awaitReady();
    pods.forEach(this::put);
    awaitSettled(pods);
    for (int kill = 1; kill <= kills; kill++) {
      Moment moment = Moment.values()[(kill - 1) % 3];
      List<TestPod> fresh = moment == Moment.AT_REST ? List.of() : freshPods(kill);
      fresh.forEach(this::put);
      int after = random.nextInt(fresh.isEmpty() ? 500 : 2500);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(after));
      node.kill9();
      int deaths = 1;
      if (moment == Moment.WHILE_THE_NODE_STARTS) {
        after = 200 + random.nextInt(4000);
        node.start();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(after));
        node.kill9();
        deaths = 2;
      }
      node.start().awaitReady();
      long ready = System.nanoTime();
      List<TestPod> all = new ArrayList<>(pods);
      all.addAll(fresh);
      Map<TestPod, Seen> before = Map.copyOf(settled);
      awaitSettled(all);
      long took = Duration.ofNanos(System.nanoTime() - ready).toMillis();
      for (TestPod pod : pods) {
        check("kill " + kill + " " + moment, pod, before.get(pod), settled.get(pod), deaths);
      }
      for (TestPod pod : fresh) {
        checkFresh("kill " + kill + " " + moment + " after " + after + " ms", pod, settled.get(pod), deaths);
      }
      checkLeftovers(all);
      System.out.printf("| %d | %s | %d | %d | %d | %s | %d |%n", kill, moment, after, fresh.size(), took,
          pods.stream().filter(pod -> pod.kind() == TestPod.Kind.WASI && pod.policy().equals("Always"))
              .map(pod -> "" + settled.get(pod).starts()).collect(Collectors.joining(", ")),
          settled.values().stream().filter(seen -> !seen.container().isEmpty()).count());
      withdraw(fresh);
      renewNever(pods, kill);
    }
    printStarts(pods);
    System.out.println("containers whose start the runtime gave up when the node died: " + cutStarts);
    takeAllAway(pods);
  }

  /** 4 Always, 3 OnFailure, 3 Never, 5 that have finished. */
  private List<TestPod> firstPods() throws IOException {
    return List.of(
        TestPod.runs("always-a", TestPod.Kind.WASI, "Always"),
        TestPod.runs("always-b", TestPod.Kind.WASI, "Always"),
        TestPod.runs("always-box", TestPod.Kind.BOX, "Always"),
        new TestPod("always-actor", TestPod.Kind.ACTOR, "Always", -1, freePort()),
        TestPod.runs("onfailure-a", TestPod.Kind.WASI, "OnFailure"),
        TestPod.runs("onfailure-b", TestPod.Kind.WASI, "OnFailure"),
        TestPod.runs("onfailure-box", TestPod.Kind.BOX, "OnFailure"),
        TestPod.runs("never-a-0", TestPod.Kind.WASI, "Never"),
        TestPod.runs("never-b-0", TestPod.Kind.WASI, "Never"),
        TestPod.runs("never-box", TestPod.Kind.BOX, "Never"),
        TestPod.ends("finished-a", TestPod.Kind.WASI, "Never", 0),
        TestPod.ends("finished-b", TestPod.Kind.WASI, "OnFailure", 0),
        TestPod.ends("finished-c", TestPod.Kind.WASI, "Never", 3),
        TestPod.ends("finished-box-a", TestPod.Kind.BOX, "Never", 0),
        TestPod.ends("finished-box-b", TestPod.Kind.BOX, "OnFailure", 0));
  }

  /** Pods whose start the kill shall meet. */
  private static List<TestPod> freshPods(int kill) {
    return List.of(
        TestPod.runs("fresh-always-" + kill, TestPod.Kind.WASI, "Always"),
        TestPod.runs("fresh-never-" + kill, TestPod.Kind.WASI, "Never"),
        TestPod.ends("fresh-finished-" + kill, TestPod.Kind.WASI, "Never", 0),
        TestPod.runs("fresh-box-" + kill, TestPod.Kind.BOX, "Never"),
        TestPod.ends("fresh-finished-box-" + kill, TestPod.Kind.BOX, "Never", 0));
  }

  private void put(TestPod pod) {
    try {
      node.manifest(pod.file(), pod.yaml(starts, nonce));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  /** Waits until each pod is where it will stay, and remembers how it is there. */
  private void awaitSettled(List<TestPod> pods) {
    settled.keySet().retainAll(new HashSet<>(pods));
    for (TestPod pod : pods) {
      Seen[] last = new Seen[1];
      try {
        Eventually.until(pod.name() + " has settled", SETTLED, () -> {
          last[0] = onlooker.look(pod);
          return isSettled(pod, last[0]);
        });
      } catch (AssertionError late) {
        throw new AssertionError(late.getMessage() + ": " + last[0] + "\n"
            + (last[0] == null ? "" : last[0].info().text()) + "\n" + nodeLog(), late);
      }
      settled.put(pod, last[0]);
    }
  }

  private static boolean isSettled(TestPod pod, Seen seen) throws IOException {
    boolean over = List.of("Succeeded", "Failed").contains(seen.info().state());
    boolean runs = seen.info().state().equals("Running") && seen.info().container("STATE").equals("Running");
    if (pod.kind() == TestPod.Kind.ACTOR) {
      return runs && !Onlooker.count(pod).isEmpty();
    }
    return pod.finishes() ? over : over || runs && seen.starts() > 0;
  }

  /** The rules for a pod that was settled before the node died. */
  private void check(String when, TestPod pod, Seen before, Seen after, int deaths) throws IOException {
    String what = when + ", " + pod.name() + ": " + before + " became " + after;
    if (pod.finishes() || before.info().phase().equals("Failed")) {
      assertEquals(1, after.starts(), what);
      assertEquals(before.info().phase(), after.info().phase(), what);
      assertEquals(before.info().restarts(), after.info().restarts(), what);
    } else if (pod.kind() == TestPod.Kind.BOX) {
      assertEquals(before.container(), after.container(), what);
      assertTrue(!after.container().isEmpty(), what);
      assertEquals(1, after.starts(), what);
      assertEquals(before.info().restarts(), after.info().restarts(), what);
    } else if (pod.policy().equals("Never")) {
      assertEquals("Failed", after.info().phase(), what);
      assertTrue(after.info().hasCondition("DisruptionTarget"), what + after.info().text());
      assertEquals(1, after.starts(), what);
    } else {
      assertEquals("Running", after.info().phase(), what);
      assertEquals("137 ContainerStatusUnknown", after.info().container("LAST"), what);
      int more = after.info().restarts() - before.info().restarts();
      assertTrue(more >= 1 && more <= deaths, what);
      if (pod.kind() == TestPod.Kind.ACTOR) {
        // it was asked once while it settled: this is the second question to a new instance
        assertEquals("2", Onlooker.count(pod), what);
      } else {
        // it runs for the node before its code has come to write its line
        Eventually.until(what, SETTLED, () -> onlooker.starts(pod) > before.starts());
        settled.put(pod, onlooker.look(pod));
        int started = onlooker.starts(pod) - before.starts();
        assertTrue(started >= 1 && started <= more, what);
      }
    }
  }

  /** The rules for a pod that the node's death met at any moment of its start. */
  private void checkFresh(String when, TestPod pod, Seen after, int deaths) {
    String what = when + ", " + pod.name() + ": " + after + "\n" + after.info().text();
    boolean disrupted = after.info().phase().equals("Failed") && after.info().hasCondition("DisruptionTarget");
    if (pod.kind() == TestPod.Kind.BOX) {
      // containerd gives a start up when the connection that asked for it breaks, and kills what it has just started
      boolean cut = after.info().container("REASON").equals("StartError")
          && after.info().container("MESSAGE").contains("context canceled");
      cutStarts += cut ? 1 : 0;
      assertTrue(after.starts() == 1 || cut && after.starts() == 0, what);
      assertEquals(cut ? "Failed" : pod.finishes() ? "Succeeded" : "Running", after.info().phase(), what);
    } else if (pod.policy().equals("Never")) {
      assertTrue(after.starts() <= 1, what);
      assertTrue(disrupted || after.starts() == 1, what);
      assertTrue(disrupted || after.info().phase().equals(pod.finishes() ? "Succeeded" : "Running"), what);
    } else {
      assertEquals("Running", after.info().phase(), what);
      assertTrue(after.info().restarts() <= deaths, what);
      assertTrue(after.starts() >= 1 && after.starts() <= after.info().restarts() + 1, what);
    }
  }

  private void checkLeftovers(List<TestPod> pods) throws IOException {
    Set<String> names = pods.stream().map(TestPod::name).collect(Collectors.toSet());
    Set<String> uids = settled.values().stream().map(seen -> seen.info().field("UID")).collect(Collectors.toSet());
    Eventually.until("no orphan sandbox: " + onlooker.strangeSandboxes(names), SETTLED,
        () -> onlooker.strangeSandboxes(names).isEmpty());
    Eventually.until("no orphan file", SETTLED,
        () -> onlooker.strangeFiles(node.pid(), uids).isEmpty());
    long guests = settled.entrySet().stream()
        .filter(each -> each.getKey().kind() == TestPod.Kind.WASI)
        .filter(each -> each.getValue().info().phase().equals("Running")).count();
    Eventually.until("two FIFOs a guest", SETTLED, () -> onlooker.fifos() == 2 * guests);
    Eventually.until("two files a guest", SETTLED, () -> onlooker.shown() == 2 * guests);
    // of a sandbox whose making was cut off by the kill, the runtime gives the address back in its own time
    Eventually.until("an address for each sandbox", SETTLED,
        () -> readySandboxes() == onlooker.addresses().size());
    assertEquals(List.of(), onlooker.mounts());
    assertEquals(List.of(node.pid()), onlooker.lockHolders());
  }

  private long readySandboxes() {
    return onlooker.sandboxes().stream()
        .filter(sandbox -> sandbox.getState() == PodSandboxState.SANDBOX_READY).count();
  }

  private void withdraw(List<TestPod> pods) throws IOException {
    for (TestPod pod : pods) {
      node.withdraw(pod.file());
    }
    for (TestPod pod : pods) {
      Eventually.until(pod.name() + " is gone", SETTLED, () -> !onlooker.look(pod).info().exists());
      settled.remove(pod);
    }
  }

  /** Those that have failed by the crash make room for others that run, so that each kill meets some. */
  private void renewNever(List<TestPod> pods, int kill) throws IOException {
    List<TestPod> failed = pods.stream()
        .filter(pod -> pod.name().startsWith("never-") && pod.kind() == TestPod.Kind.WASI).toList();
    withdraw(failed);
    for (TestPod old : failed) {
      TestPod renewed = TestPod.runs(old.name().replaceAll("\\d+$", "" + kill), TestPod.Kind.WASI, "Never");
      pods.set(pods.indexOf(old), renewed);
      put(renewed);
    }
    awaitSettled(pods);
  }

  private void printStarts(List<TestPod> pods) {
    System.out.println("| pod | phase | starts | restarts | last | container |");
    for (TestPod pod : pods) {
      Seen seen = settled.get(pod);
      System.out.printf("| %s | %s | %s | %d | %s | %.12s |%n", pod.name(), seen.info().phase(),
          pod.kind() == TestPod.Kind.ACTOR ? "-" : "" + seen.starts(), seen.info().restarts(),
          seen.info().container("LAST"), seen.container());
    }
  }

  private void takeAllAway(List<TestPod> pods) throws Exception {
    withdraw(pods);
    Eventually.until("no sandbox is left: " + onlooker.sandboxes(), SETTLED, () -> onlooker.sandboxes().isEmpty());
    assertEquals(List.of(), onlooker.containers());
    Eventually.until("no address is taken", SETTLED, () -> onlooker.addresses().isEmpty());
    Eventually.until("no log is left", SETTLED, () -> onlooker.strangeFiles(node.pid(), Set.of()).isEmpty());
    Eventually.until("nothing of guests is left", SETTLED, () -> onlooker.fifos() == 0 && onlooker.shown() == 0);
    assertEquals(0, node.stop(SETTLED));
    assertEquals(List.of(), onlooker.strangeFiles(0, Set.of()));
    assertEquals(List.of(), onlooker.mounts());
    assertEquals(List.of(), onlooker.lockHolders());
  }

  private String nodeLog() {
    try {
      String log = Files.readString(node.data().resolve("log/bundlet.log"));
      return node.output() + "\n" + log.substring(Math.max(0, log.length() - 6000));
    } catch (IOException failed) {
      return failed.toString();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

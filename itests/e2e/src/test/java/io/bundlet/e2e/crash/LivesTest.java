package io.bundlet.e2e.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.Mounts;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.pods.Evidence;
import io.bundlet.testkit.pods.Expectation;
import io.bundlet.testkit.pods.PodManifest;
import io.bundlet.testkit.pods.Runtime;
import io.bundlet.testkit.pods.ScriptedRuntime;
import io.bundlet.testkit.pods.StatusHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A node is killed at random moments, with pods that have probes, hooks, init containers and sidecars, while some of
 * them start and others are being ended. Judged is each status that any of its lives told, and each call to the
 * runtime.
 * {@code -Dseed=N} repeats a run's choices, {@code -Dkills=N} makes it longer.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LivesTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String PROBES = "readinessProbe: {periodSeconds: 1, timeoutSeconds: 20, do: [test ready]}, "
      + "livenessProbe: {periodSeconds: 1, timeoutSeconds: 20, do: [exit 0]}";
  private static final String HOOKS =
      "lifecycle: {postStart: {do: [say post-start]}, preStop: {do: [say pre-stop, sleep 1200]}}";

  private final long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
  private final Random random = new Random(seed);
  private Path home;
  private Path starts;
  private Containerd containerd;
  private NodeProcess node;
  private NodeShell shell;
  private ScriptedRuntime runtime;
  private StatusHistory statuses;
  private Lives lives;

  @BeforeEach
  void begin() throws IOException {
    home = Files.createTempDirectory("lives");
    starts = Files.createDirectories(home.resolve("starts"));
    runtime = new ScriptedRuntime(home.resolve("scripted"));
    statuses = new StatusHistory(home.resolve("statuses"));
    lives = new Lives(statuses, runtime);
    List<String> options = new ArrayList<>(List.of(runtime.options()));
    options.addAll(List.of(statuses.options()));
    if (Containerd.available()) {
      containerd = Containerd.start(home.resolve("c"));
      options.addAll(List.of("--cri-endpoint", containerd.socket().toString()));
    }
    Distribution distribution =
        Distribution.built().with(Distribution.scriptedProvider(), 4, home.resolve("distribution"));
    node = new NodeProcess(distribution, home.resolve("node"), options.toArray(String[]::new));
    shell = new NodeShell(node.data());
  }

  @AfterEach
  void end() throws IOException {
    if (node != null) {
      node.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    Mounts.remove(home);
    Distribution.remove(home);
  }

  @Test
  void eachLifeOfANodeTellsTheSame() throws Exception {
    int kills = Integer.getInteger("kills", Boolean.getBoolean("long") ? 50 : 2);
    System.out.println("seed " + seed + ", " + kills + " kills (repeat with -Dseed=" + seed + ")");
    System.out.println("| kill | moment | after ms | settled in ms | statuses judged | preStops so far |");
    runtime.set("ready", "");
    node.start().awaitReady();
    putResidents();
    int told = 0;
    for (int kill = 1; kill <= kills; kill++) {
      String round = "kill " + kill;
      put("leaver-" + kill, "{terminationGracePeriodSeconds: 9, containers: [{name: main, do: [run], " + HOOKS
          + "}]}", Runtime.SCRIPTED);
      await("leaver-" + kill, "main.kind=running");
      lives.mark();
      put("fresh-" + kill, """
          {restartPolicy: Never,
           initContainers: [{name: a, do: [sleep 150, exit 0]}, {name: b, do: [sleep 150, exit 0]}],
           containers: [{name: main, do: [sleep 400, exit 0], %s}]}
          """.formatted(HOOKS), Runtime.SCRIPTED);
      node.withdraw("leaver-" + kill + ".json");
      int after = random.nextInt(1500);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(after));
      node.kill9();
      boolean twice = random.nextInt(3) == 0;
      if (twice) {
        after = 200 + random.nextInt(4000);
        node.start();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(after));
        node.kill9();
      }
      node.start().awaitReady();
      long ready = System.nanoTime();
      settle(round, kill);
      told += judge(round, kill);
      System.out.printf("| %d | %s | %d | %d | %d | %d |%n", kill, twice ? "again at its start" : "at work", after,
          Duration.ofNanos(System.nanoTime() - ready).toMillis(), told, lives.preStops());
    }
    end(kills);
  }

  /** Those that stay: a few that run on, some that are lost with the process, and some that have ended. */
  private void putResidents() throws IOException {
    put("ready", "{containers: [{name: main, do: [run], startupProbe: {periodSeconds: 1, do: [exit 0]}, " + PROBES
        + ", " + HOOKS + "}]}", Runtime.SCRIPTED);
    put("unready", "{containers: [{name: main, do: [run], readinessProbe: {periodSeconds: 1, do: [exit 1]}}]}",
        Runtime.SCRIPTED);
    put("crew", """
        {initContainers: [{name: a, do: [exit 0]}, {name: side, restartPolicy: Always, do: [run], %s}],
         containers: [{name: main, do: [run], %s}, {name: other, do: [run]}]}
        """.formatted(PROBES, PROBES + ", " + HOOKS), Runtime.SCRIPTED);
    put("done", "{restartPolicy: Never, initContainers: [{name: a, do: [exit 0]}], "
        + "containers: [{name: main, do: [exit 0], " + HOOKS + "}]}", Runtime.SCRIPTED);
    put("failed", "{restartPolicy: Never, main: [exit 3]}", Runtime.SCRIPTED);
    put("module-done", "{restartPolicy: OnFailure, initContainers: [{name: a, do: [exit 0]}], "
        + "containers: [{name: main, do: [exit 0]}]}", Runtime.WASI);
    put("module-always", module("Always"), Runtime.WASI);
    put("module-never-0", module("Never"), Runtime.WASI);
    if (containerd != null) {
      put("box", """
          {terminationGracePeriodSeconds: 2, initContainers: [{name: a, do: [exit 0]}],
           containers: [{name: main, do: [write /tmp/ready yes, run],
             readinessProbe: {periodSeconds: 1, timeoutSeconds: 20, do: [cat /tmp/ready]}}]}
          """, Runtime.CRI);
      await("box", "Ready=True");
    }
    await("ready", "Ready=True; main.kind=running");
    await("unready", "main.kind=running; Ready=False:ContainersNotReady");
    await("crew", "Ready=True; side.ready=true; main.ready=true; other.ready=true");
    await("done", "phase=Succeeded");
    await("failed", "phase=Failed");
    await("module-done", "phase=Succeeded");
    await("module-always", "main.kind=running");
    await("module-never-0", "main.kind=running");
    for (String pod : List.of("module-always", "module-never-0")) {
      Eventually.until(pod + " has begun", LIMIT, () -> starts(pod) == 1);
    }
  }

  private String module(String policy) {
    return """
        {restartPolicy: %s, terminationGracePeriodSeconds: 1,
         volumes: [{name: starts, hostPath: {path: %s}}],
         initContainers: [{name: a, image: 'file:%s', args: ['/starts/$ID-init', '0'],
           volumeMounts: [{name: starts, mountPath: /starts}]}],
         containers: [{name: main, image: 'file:%s', args: [/starts/$ID],
           volumeMounts: [{name: starts, mountPath: /starts}]}]}
        """.formatted(policy, starts, Distribution.guest("starts"), Distribution.guest("starts"));
  }

  private void put(String name, String pod, Runtime on) throws IOException {
    Runtime.Images images =
        new Runtime.Images(Distribution.guest("script").toString(), Containerd.BUSYBOX_IMAGE);
    node.manifest(name + ".json", PodManifest.of(name, pod, on, images));
  }

  private int starts(String pod) throws IOException {
    Path file = starts.resolve(pod);
    return Files.exists(file) ? (int) Files.readString(file).lines().count() : 0;
  }

  private void await(String pod, String text) {
    Evidence evidence = new Evidence(pod, statuses, runtime, node.data(), shell::ask);
    List<Expectation> all = Expectation.all(text);
    try {
      Eventually.until(pod + ": " + text, LIMIT, () -> {
        for (Expectation each : all) {
          if (!each.holds(evidence)) {
            return false;
          }
        }
        return true;
      });
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + "\n" + info(pod), never);
    }
  }

  private String info(String pod) {
    try {
      return shell.pod(pod).text() + node.output();
    } catch (IOException failed) {
      return failed.toString();
    }
  }

  /** Waits until each pod is where it will stay. */
  private void settle(String round, int kill) throws IOException {
    await("leaver-" + kill, "removed=true");
    await("fresh-" + kill, "phase=Succeeded");
    String now = "" + statuses.lives().getLast();
    List<String> residents = new ArrayList<>(List.of("ready", "unready", "crew", "module-always"));
    if (containerd != null) {
      residents.add("box");
    }
    for (String pod : residents) {
      Eventually.until(round + ": " + pod + " is told of again", LIMIT,
          () -> statuses.latest(pod).filter(status -> now.equals("" + status.process())).isPresent());
    }
    int restarts = restarts("module-always");
    assertTrue(restarts <= kill * 2, round + ": " + restarts);
    await("module-always", "phase=Running; main.kind=running; main.last=137; main.last.reason=ContainerStatusUnknown");
    await("module-never-" + (kill - 1), "phase=Failed; DisruptionTarget=True:TerminationByKubelet");
  }

  private int restarts(String pod) throws IOException {
    return Integer.parseInt(statuses.latest(pod).orElseThrow().value("main.restarts"));
  }

  private int judge(String round, int kill) throws IOException {
    int told = lives.runsOn(round, "ready", List.of("main"), true);
    told += lives.runsOn(round, "unready", List.of("main"), false);
    told += lives.runsOn(round, "crew", List.of("side", "main", "other"), true);
    if (containerd != null) {
      told += lives.runsOn(round, "box", List.of("main"), true);
    }
    told += lives.staysEnded(round, "done", "Succeeded");
    told += lives.staysEnded(round, "failed", "Failed");
    told += lives.staysEnded(round, "module-done", "Succeeded");
    lives.preStopsOnce();
    lives.initialisedOnce(round, "crew", List.of("a", "side"));
    lives.initialisedOnce(round, "fresh-" + kill, List.of("a", "b"));
    assertEquals(1, lives.made("fresh-" + kill, "main").size(), round);
    assertEquals(1, lives.made("ready", "main").size(), round);
    assertEquals(1, lives.made("done", "main").size(), round);
    assertEquals(1, lives.hooks("ready", "post-start"), round + ": postStart of what runs on");
    assertEquals(0, lives.hooks("ready", "pre-stop"), round + ": preStop of what runs on");
    assertEquals(0, lives.hooks("fresh-" + kill, "pre-stop"), round + ": preStop of what ended by itself");
    String lost = "module-never-" + (kill - 1);
    assertEquals(1, starts(lost), round + ": a Never pod ran twice");
    assertEquals(1, starts(lost + "-init"), round);
    // a module that is lost starts over with its init container: never the one without the other before it
    assertTrue(starts("module-always-init") >= starts("module-always"), round);
    node.withdraw(lost + ".json");
    node.withdraw("fresh-" + kill + ".json");
    await(lost, "removed=true");
    await("fresh-" + kill, "removed=true");
    put("module-never-" + kill, module("Never"), Runtime.WASI);
    await("module-never-" + kill, "main.kind=running");
    Eventually.until(round, LIMIT, () -> starts("module-never-" + kill) == 1);
    return told;
  }

  /** All residents are taken away by the last life: each that has a preStop gets it once. */
  private void end(int kills) throws Exception {
    List<String> all = new ArrayList<>(List.of("ready", "unready", "crew", "done", "failed", "module-done",
        "module-always", "module-never-" + kills));
    if (containerd != null) {
      all.add("box");
    }
    for (String pod : all) {
      node.withdraw(pod + ".json");
    }
    for (String pod : all) {
      await(pod, "removed=true");
    }
    lives.preStopsOnce();
    assertEquals(1, lives.hooks("ready", "pre-stop"));
    assertEquals(1, lives.hooks("crew", "pre-stop"));
    assertEquals(0, lives.hooks("done", "pre-stop"));
    assertEquals(0, node.stop(LIMIT));
  }
}

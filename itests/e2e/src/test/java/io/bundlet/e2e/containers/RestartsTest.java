package io.bundlet.e2e.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.api.runtime.Owner;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RawPods;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.Mounts;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.pods.PodStatus;
import io.bundlet.testkit.pods.StatusHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Running pods, each with somebody who calls it all the time, while the node and its runtime are killed and parts of
 * the node are exchanged. Judged is each status that is told, each connection, and all that the runtime ever has.
 */
@Tag("containerd")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RestartsTest {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final boolean LONG = Boolean.getBoolean("long");
  private static final int RESIDENTS = LONG ? 20 : 6;
  private static final int BURST = LONG ? 20 : 3;
  private static final int LEAVERS = 5;

  private Path home;
  private Path work;
  private Containerd containerd;
  private NodeProcess node;
  private Disturbance.On on;
  private StatusHistory statuses;
  private RuntimeWatch runtime;
  private Callers callers;
  private RestartsJudge judge;
  private int number;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("restarts");
    work = Files.createDirectories(home.resolve("work"));
    containerd = Containerd.start(home.resolve("c"));
    statuses = new StatusHistory(home.resolve("statuses"));
    List<String> options = new ArrayList<>(List.of(statuses.options()));
    options.addAll(List.of("--cri-endpoint", containerd.socket().toString()));
    Distribution distribution =
        Distribution.built().with(Distribution.scriptedProvider(), 4, home.resolve("distribution"));
    node = new NodeProcess(distribution, home.resolve("node"), options.toArray(String[]::new));
    on = new Disturbance.On(node, containerd, new NodeShell(node.data()), home, "resident-1");
    runtime = new RuntimeWatch(containerd);
    callers = new Callers(LONG ? 200 : 100);
    judge = new RestartsJudge(statuses, runtime, callers);
    node.start();
    on.awaitAnswer();
  }

  @AfterEach
  void end() throws Exception {
    if (callers != null) {
      callers.end();
    }
    if (runtime != null) {
      runtime.end();
    }
    if (node != null) {
      node.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    if (home != null) {
      Mounts.remove(home);
      Distribution.remove(home);
    }
  }

  @Test
  void noPodNoticesThatTheNodeOrItsRuntimeIsKilledOrExchanged() throws Exception {
    List<String> residents = IntStream.range(0, RESIDENTS).mapToObj(i -> "resident-" + i).toList();
    for (int i = 0; i < RESIDENTS; i++) {
      node.manifest(residents.get(i) + ".yaml", RestartsPods.resident(residents.get(i), i, work));
    }
    awaitReady(residents);
    somebodyElses(statuses.latest(residents.getFirst()).orElseThrow());
    for (String resident : residents) {
      callers.call(resident, statuses.latest(resident).orElseThrow().pod().path("address").asString(""));
    }
    judge.begin(residents);
    System.out.println(RestartsJudge.HEADLINE);
    for (Disturbance each : Disturbance.values()) {
      if (LONG) {
        atRest(each);
        whilePodsEnd(each);
      }
      whilePodsStart(each);
    }
    judge.all();
    for (String resident : residents) {
      assertEquals(1, RestartsPods.count(work.resolve("starts"), resident), resident + " was started again");
    }
    residents.forEach(this::withdraw);
    awaitGone(residents);
    assertEquals(List.of(), runtime.problems(), "pods of somebody else");
  }

  /** Three pods of others: one that says nothing, one as another kubelet would have it, one of another node. */
  private void somebodyElses(PodStatus ours) throws IOException {
    Map<String, String> likeOurs = Map.of("io.kubernetes.pod.name", ours.name(), "io.kubernetes.pod.namespace",
        "default", "io.kubernetes.pod.uid", ours.uid(), "io.kubernetes.container.name", "main");
    Map<String, Map<String, String>> all = Map.of(
        "without labels", Map.of(), "with the labels of a kubelet", likeOurs,
        "of another node", Map.of(Owner.LABEL, "another", "io.kubernetes.pod.name", "other",
            "io.kubernetes.pod.namespace", "default", "io.kubernetes.pod.uid", "other-uid"));
    for (Map.Entry<String, Map<String, String>> each : all.entrySet()) {
      RawPods pods = new RawPods(containerd.client(), home.resolve("raw"), false, each.getValue());
      runtime.foreign(each.getKey(), pods.run(Containerd.BUSYBOX_IMAGE, List.of("/bin/sleep", "100000")));
    }
  }

  private void atRest(Disturbance disturbance) throws Exception {
    judge.mark();
    disturbance.happen(on);
    List<String> proof = put("proof", 1);
    back(disturbance, proof);
    judge.row(disturbance, "at rest", proof);
    leave(proof);
  }

  private void whilePodsStart(Disturbance disturbance) throws Exception {
    judge.mark();
    List<String> burst = put("burst", BURST);
    // the first is made, others are to come
    Eventually.until("the runtime has heard of one of " + burst, LIMIT,
        () -> burst.stream().anyMatch(pod -> runtime.pod(pod).now() > 0));
    disturbance.happen(on);
    back(disturbance, burst);
    judge.row(disturbance, BURST + " pods start", burst);
    leave(burst);
  }

  private void whilePodsEnd(Disturbance disturbance) throws Exception {
    List<String> leavers = new ArrayList<>();
    for (int i = 0; i < LEAVERS; i++) {
      String name = "leaver-" + number++;
      leavers.add(name);
      node.manifest(name + ".yaml", RestartsPods.leaver(name, work));
    }
    awaitReady(leavers);
    judge.mark();
    leavers.forEach(this::withdraw);
    for (String leaver : leavers) {
      Eventually.until("preStop has begun for " + leaver, LIMIT,
          () -> RestartsPods.count(work.resolve("stops"), leaver) > 0);
    }
    disturbance.happen(on);
    awaitGone(leavers);
    List<String> proof = put("proof", 1);
    back(disturbance, proof);
    List<String> others = new ArrayList<>(leavers);
    others.addAll(proof);
    judge.row(disturbance, LEAVERS + " end, preStop 10 s", others);
    for (String leaver : leavers) {
      assertEquals(1, RestartsPods.count(work.resolve("starts"), leaver), leaver + " was started again");
      assertEquals(1, RestartsPods.count(work.resolve("stops"), leaver), "preStop of " + leaver);
    }
    leave(proof);
  }

  private List<String> put(String kind, int count) throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(kind + "-" + number++);
    }
    for (String name : names) {
      node.manifest(name + ".yaml", RestartsPods.fresh(name));
    }
    return names;
  }

  /** Waits until the node has come through it: new pods run, and the old ones are told of by whoever lives now. */
  private void back(Disturbance disturbance, List<String> fresh) {
    on.awaitAnswer();
    on.awaitRuntime();
    awaitReady(fresh);
    for (String pod : judge.residents()) {
      Eventually.until(pod + " is told of after " + disturbance, LIMIT,
          () -> statuses.latest(pod).filter(status -> status.process() == node.pid()).isPresent());
    }
  }

  private void leave(List<String> pods) {
    pods.forEach(this::withdraw);
    awaitGone(pods);
    judge.attempts(pods);
  }

  private void withdraw(String pod) {
    try {
      node.withdraw(pod + ".yaml");
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private void awaitReady(List<String> pods) {
    for (String pod : pods) {
      await(pod, "is ready", () -> statuses.latest(pod).filter(PodStatus::ready).isPresent());
    }
  }

  private void awaitGone(List<String> pods) {
    for (String pod : pods) {
      await(pod, "is gone", () -> statuses.latest(pod).filter(PodStatus::removed).isPresent()
          && runtime.pod(pod).now() == 0);
    }
  }

  private void await(String pod, String what, java.util.concurrent.Callable<Boolean> so) {
    try {
      Eventually.until(pod + " " + what, LIMIT, Duration.ofMillis(20), so);
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + "\n" + info(pod), never);
    }
  }

  private String info(String pod) {
    try {
      String log = Files.readString(node.data().resolve("log/bundlet.log"));
      return new NodeShell(node.data()).pod(pod).text() + "\n" + log.substring(Math.max(0, log.length() - 5000));
    } catch (IOException failed) {
      return failed.toString();
    }
  }
}

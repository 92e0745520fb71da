package io.bundlet.e2e.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Jvm;
import io.bundlet.e2e.outside.LineClient;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.ControlGroups;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that are threads of the node: modules and actors. */
@Timeout(900)
class GuestLimitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private OwnNode own;
  private NodeProcess node;
  private NodeShell shell;

  @BeforeEach
  void begin() throws Exception {
    own = OwnNode.withoutContainers();
    node = own.start().process();
    shell = own.shell();
  }

  @AfterEach
  void end() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  private PodInfo await(String pod, Predicate<PodInfo> so) throws Exception {
    return own.shell().await(pod, pod, LIMIT, so);
  }

  private void enforced() throws IOException {
    String info = shell.ask("node:info");
    assumeTrue(info.matches("(?s).*\nCpuLimitsEnforced +True .*"), "no control groups here: " + info);
  }

  /** The kernel's name of a thread ends with the first letter of its pod's name. */
  private Path thread(String letter) throws IOException {
    // a thread takes its name when it begins
    return Eventually.value("one thread " + letter, LIMIT, () -> Optional.of(
        new Jvm(node.pid()).threads("guest default/" + letter)).filter(all -> all.size() == 1)).getFirst();
  }

  /** What else the machine does is not what is measured. */
  private void prefer(String pod) throws IOException {
    String groups = ControlGroups.ofNode(node.data());
    ControlGroups.prefer(groups + "/guests/pod" + shell.pod(pod).field("UID"));
    for (String group : List.of("/guests", "")) {
      ControlGroups.preferAlone(groups + group);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void aModuleWith200mUsesAFifthOfAProcessorBesideASpinningNeighbour(String engine) throws Exception {
    enforced();
    Path spin = Distribution.guest("spin");
    node.manifest("neighbour.yaml", Manifests.wasi("neighbour", spin).engine(engine).grace(1).yaml());
    node.manifest("limited.yaml", Manifests.wasi("limited", spin).engine(engine).cpu("200m").grace(1).yaml());
    await("neighbour", pod -> pod.container("STATE").equals("Running"));
    await("limited", pod -> pod.container("STATE").equals("Running"));
    Path limited = thread("l");
    Path neighbour = thread("n");
    prefer("limited");
    long before = Jvm.processorTime(neighbour);
    ProcessorTime.assertUses("a module with cpu 200m on " + engine, 0.2, 0.1, () -> Jvm.processorTime(limited));
    assertTrue(Jvm.processorTime(neighbour) - before > 500_000_000L, "the neighbour spins");
    String groups = ControlGroups.ofNode(node.data()) + "/guests";
    assertFalse(ControlGroups.of(groups).isEmpty(), groups);
    node.withdraw("limited.yaml");
    node.withdraw("neighbour.yaml");
    Eventually.until("its groups are gone", LIMIT, () -> ControlGroups.of(groups).isEmpty());
  }

  @Test
  void anActorWith200mUsesAFifthOfAProcessorAndItsNeighbourAnswers() throws Exception {
    enforced();
    int port = freePort();
    int other = freePort();
    node.manifest(
        "limited.yaml", Manifests.actor("limited", Distribution.guest("hostile-actor"), port).cpu("200m").yaml());
    node.manifest("neighbour.yaml", Manifests.actor("neighbour", Distribution.guest("hostile-actor"), other).yaml());
    Eventually.until("both answer", LIMIT,
        () -> LineClient.askOnce(port, "e").equals("e") && LineClient.askOnce(other, "e").equals("e"));
    Path limited = thread("l");
    Thread asks = Thread.ofVirtual().start(() -> spinOn(port));
    prefer("limited");
    try {
      ProcessorTime.assertUses("an actor with cpu 200m", 0.2, 0.1, () -> Jvm.processorTime(limited));
      assertEquals("e", LineClient.askOnce(other, "e"));
    } finally {
      asks.interrupt();
      asks.join();
    }
  }

  /** One request after another that would compute for ever. */
  private static void spinOn(int port) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        LineClient.askOnce(port, "s");
      } catch (IOException ended) {
        continue;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void whoIsOverHisLimitOfMemoryIsOomKilledAlone(String engine) throws Exception {
    int port = freePort();
    int victim = freePort();
    node.manifest("counter.yaml", Manifests.wasi("counter", Distribution.guest("counter")).memory("32Mi").yaml());
    node.manifest("echo.yaml", Manifests.actor("echo", Distribution.guest("hostile-actor"), port).yaml());
    await("counter", pod -> pod.container("STATE").equals("Running"));
    Eventually.until("the actor answers", LIMIT, () -> LineClient.askOnce(port, "e").equals("e"));
    try (LineClient neighbour = new LineClient(port, 120_000)) {
      assertEquals("e1", neighbour.ask("e1"));
      Path over = Distribution.guest("memover");
      node.manifest("once.yaml", Manifests.wasi("once", over).engine(engine).memory("32Mi").restart("Never").yaml());
      node.manifest("again.yaml", Manifests.wasi("again", over).engine(engine).memory("32Mi").yaml());
      PodInfo once = await("once", pod -> pod.phase().equals("Failed"));
      assertEquals("137", once.container("EXIT"), once.text());
      assertEquals("OOMKilled", once.container("REASON"), once.text());
      assertTrue(once.container("MESSAGE").contains("limit of 32768 KiB"), once.text());
      PodInfo again = await("again", pod -> pod.restarts() > 0);
      assertEquals("137 OOMKilled", again.container("LAST"), again.text());
      System.out.println(once.text() + "\n\n" + again.text());
      // An actor likewise.
      node.manifest("victim.yaml", Manifests.actor("victim", Distribution.guest("hostile-actor"), victim).yaml());
      Eventually.until("it answers", LIMIT, () -> LineClient.askOnce(victim, "e").equals("e"));
      try (LineClient client = new LineClient(victim, 120_000)) {
        assertTrue(client.ask("o").contains("over its limit of memory"));
      } catch (IOException cut) {
        System.out.println("the line was cut: " + cut.getMessage());
      }
      PodInfo actor = await("victim", pod -> pod.restarts() > 0);
      assertEquals("137 OOMKilled", actor.container("LAST"), actor.text());
      // The others have noticed nothing, on a connection that was open all the time.
      assertEquals("e2", neighbour.ask("e2"));
      assertEquals(0, shell.pod("echo").restarts());
      assertEquals(0, shell.pod("counter").restarts());
      assertEquals("Running", shell.pod("counter").phase());
      int counted = PodLog.lines(node.data(), "counter", "main").size();
      Eventually.until("the counter counts on", LIMIT,
          () -> PodLog.lines(node.data(), "counter", "main").size() > counted);
    }
  }

  @Test
  void whatAKilledNodeLeftIsRemovedAtItsNextStart() throws Exception {
    enforced();
    node.manifest("limited.yaml", Manifests.wasi("limited", Distribution.guest("spin")).cpu("200m").grace(1).yaml());
    await("limited", pod -> pod.container("STATE").equals("Running"));
    String uid = shell.pod("limited").field("UID");
    String group = ControlGroups.ofNode(node.data()) + "/guests/pod" + uid;
    assertEquals(1, ControlGroups.of(group).size(), group);
    node.kill9();
    assertEquals(1, ControlGroups.of(group).size(), "the kernel keeps it");
    node.withdraw("limited.yaml");
    node.start().awaitReady();
    Eventually.until("it is removed", LIMIT,
        () -> ControlGroups.of(ControlGroups.ofNode(node.data())).isEmpty());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

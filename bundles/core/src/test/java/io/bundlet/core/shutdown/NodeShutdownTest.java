package io.bundlet.core.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.PodView;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeShutdownTest {
  private static final ShutdownPlan PLAN = ShutdownPlan.of(0, 0, new String[] {"0=20,1000=10,2000=5"});

  private static final Duration LOOK = Duration.ofMillis(100);

  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;
  private Thread shutdown;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    if (shutdown != null) {
      shutdown.interrupt();
      shutdown.join();
    }
    node.close();
  }

  private static Pod pod(String name, Integer priority, String restartPolicy) {
    Pod pod = TestNode.pod(name, "uid-" + name, restartPolicy, name);
    pod.getSpec().setPriority(priority);
    pod.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
    return pod;
  }

  private void begin() {
    node.fit.close();
    NodeShutdown work =
        new NodeShutdown(
            time,
            new NodeShutdown.Pods() {
              @Override
              public List<Pod> running() {
                return node.dispatcher.running();
              }

              @Override
              public void end(String uid, Duration grace) {
                node.dispatcher.shutDown(uid, grace);
              }
            });
    shutdown =
        Thread.ofVirtual().start(
            () -> {
              try {
                work.run(PLAN);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Has the shutdown look at the pods once more. */
  private void look() {
    awaitLook();
    time.advance(LOOK);
  }

  private void awaitLook() {
    node.await(() -> time.awaited(LOOK));
  }

  private void awaitDone() {
    look();
    node.await(() -> !shutdown.isAlive());
  }

  private void awaitRunning(Pod... pods) {
    node.want(pods);
    for (Pod pod : pods) {
      String name = pod.getMetadata().getName();
      node.awaitContainer(name, name, container -> container.state().equals("Running"));
    }
  }

  private void end(String name) {
    provider.ended(name, 143);
  }

  @Test
  void theLeastImportantEndFirstEachGroupWithItsGrace() {
    provider.stopsAtOnce = false;
    awaitRunning(pod("low", -3, "Always"), pod("none", null, "Always"), pod("mid", 1500, "Always"),
        pod("high", 3000, "Always"));
    begin();
    node.await(() -> provider.count("stop:") == 2);
    assertEquals(2, provider.count("stop:low:20") + provider.count("stop:none:20"));
    end("low");
    PodView ended = node.await("low", pod -> pod.state().equals("Failed"));
    assertEquals("Failed", ended.phase());
    assertEquals("Terminated", ended.reason());
    assertEquals("Pod was terminated in response to imminent node shutdown.", ended.message());
    assertTrue(
        ended.conditions().stream().anyMatch(
            one -> one.type().equals("DisruptionTarget") && one.reason().equals("TerminationByKubelet")));
    look();
    awaitLook();
    assertEquals(2, provider.count("stop:"), "the other one of the first group still runs");
    end("none");
    node.await("none", pod -> pod.state().equals("Failed"));
    look();
    node.await(() -> provider.count("stop:mid:10") == 1);
    // It does not end; the next group is not kept waiting for longer than its grace and what force takes.
    awaitLook();
    time.advance(Duration.ofSeconds(13));
    awaitLook();
    assertEquals(3, provider.count("stop:"));
    time.advance(Duration.ofSeconds(1));
    node.await(() -> provider.count("stop:high:5") == 1);
    end("high");
    node.await("high", pod -> pod.state().equals("Failed"));
    awaitDone();
    end("mid");
  }

  @Test
  void newPodsAreRefusedMeanwhile() {
    Pod runs = pod("runs", 0, "Always");
    awaitRunning(runs);
    begin();
    node.want(runs, pod("late", 0, "Always"));
    PodView late = node.await("late", pod -> pod.state().equals("Rejected"));
    assertEquals("NodeShutdown", late.reason());
    assertEquals("Pod was rejected: Pod was rejected as the node is shutting down.", late.message());
  }

  @Test
  void theNextNodeRunsStaticPodsAgainButNoneTwiceThatMustNot() throws Exception {
    Pod always = pod("always", 0, "Always");
    Pod never = pod("never", 0, "Never");
    Pod late = pod("late", 0, "Always");
    awaitRunning(always, never);
    begin();
    node.want(always, never, late);
    node.await("late", pod -> pod.reason().equals("NodeShutdown"));
    for (String name : List.of("always", "never")) {
      node.await(name, pod -> pod.reason().equals("Terminated"));
    }
    awaitDone();
    node.close();
    node = new TestNode(data, time);
    provider = new ScriptedProvider(time);
    node.bind(provider);
    node.want(always, never, late);
    node.awaitContainer("always", "always", container -> container.state().equals("Running"));
    node.awaitContainer("late", "late", container -> container.state().equals("Running"));
    assertEquals(1, node.awaitContainer("always", "always", one -> true).restartCount());
    assertEquals("Terminated", node.await("never", pod -> pod.state().equals("Failed")).reason());
    assertEquals(0, provider.count("start:never"));
  }

  @Test
  void aNodeThatDiedInTheMiddleGoesOnWithWhatRuns() throws Exception {
    provider.stopsAtOnce = false;
    Pod always = pod("always", 0, "Always");
    awaitRunning(always);
    begin();
    node.await(() -> provider.count("stop:always") == 1);
    shutdown.interrupt();
    node.close();
    node = new TestNode(data, time);
    node.bind(provider);
    node.want(always);
    node.awaitContainer("always", "always", container -> container.state().equals("Running"));
    assertEquals("Running", node.await("always", pod -> pod.state().equals("Running")).phase());
  }
}

package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which a pod's containers start and end: init containers, sidecars, regular ones. */
class InitContainersTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void restartCore() throws Exception {
    node.close();
    start();
  }

  /** A pod with the regular container {@code main}; init containers that begin with {@code s} are sidecars. */
  private static Pod pod(String policy, String... init) {
    Pod pod = TestNode.pod("web", "u1", policy, "main");
    pod.getSpec().setInitContainers(Arrays.stream(init).map(InitContainersTest::init).toList());
    return pod;
  }

  private static Container init(String name) {
    return new ContainerBuilder().withName(name).withImage("img").withRestartPolicy(name.startsWith("s") ? "Always"
        : null).build();
  }

  private void awaitRunning(String container, int restarts) {
    node.await(
        "web", view -> all(view).stream().anyMatch(
            one -> one.name().equals(container) && one.state().equals("Running") && one.restartCount() == restarts));
  }

  private static List<ContainerView> all(PodView view) {
    return java.util.stream.Stream.concat(view.initContainers().stream(), view.containers().stream()).toList();
  }

  private void exit(String container, int code) {
    provider.exit(provider.only(container), Exit.of(code, "", time.now()));
  }

  private static ConditionView condition(PodView view, String type) {
    return view.conditions().stream().filter(one -> one.type().equals(type)).findFirst().orElseThrow();
  }

  private List<String> starts() {
    return provider.asked.stream().filter(what -> what.startsWith("start:")).toList();
  }

  @Test
  void initContainersRunOneAfterAnotherBeforeTheOthers() {
    node.want(pod("Always", "i1", "i2"));
    awaitRunning("i1", 0);
    PodView view = node.await("web", one -> one.state().equals("Running"));
    assertEquals("Pending", view.phase());
    assertEquals("PodInitializing", view.containers().getFirst().reason());
    assertEquals("False", condition(view, "Initialized").status());
    assertEquals("ContainersNotInitialized", condition(view, "Initialized").reason());
    assertEquals("containers with incomplete status: [i1 i2]", condition(view, "Initialized").message());
    assertEquals(List.of("start:i1:0"), starts());
    exit("i1", 0);
    awaitRunning("i2", 0);
    assertEquals(List.of("start:i1:0", "start:i2:0"), starts());
    exit("i2", 0);
    awaitRunning("main", 0);
    PodView running = node.await("web", one -> one.phase().equals("Running"));
    assertEquals("True", condition(running, "Initialized").status());
    assertEquals("True", condition(running, "Ready").status());
    assertTrue(running.initContainers().getFirst().ready());
    assertEquals("Completed", running.initContainers().getFirst().reason());
  }

  @Test
  void oneThatFailsIsRunAgainUntilItSucceeds() {
    node.want(pod("Always", "i1"));
    awaitRunning("i1", 0);
    exit("i1", 1);
    awaitRunning("i1", 1);
    exit("i1", 1);
    PodView waiting = node.await("web", view -> view.initContainers().getFirst().state().equals("CrashLoopBackOff"));
    assertEquals("Pending", waiting.phase());
    assertEquals(0, provider.count("start:main"));
    time.advance(Duration.ofSeconds(10));
    awaitRunning("i1", 2);
    exit("i1", 0);
    awaitRunning("main", 0);
  }

  @Test
  void inAPodThatIsNeverRestartedItEndsThePodAndItsSidecars() {
    node.want(pod("Never", "s1", "i1"));
    awaitRunning("i1", 0);
    exit("i1", 3);
    PodView failed = node.await("web", view -> view.state().equals("Failed"));
    assertEquals("Failed", failed.phase());
    assertEquals("", failed.reason());
    assertEquals(1, provider.count("stop:s1:30"));
    assertEquals(0, provider.count("start:main"));
    assertEquals("PodFailed", condition(failed, "Ready").reason());
  }

  @Test
  void aSidecarIsPassedWhenItIsStartedAndIsAlwaysRestarted() {
    node.want(pod("Never", "s1", "i1", "s2"));
    awaitRunning("i1", 0);
    assertEquals(List.of("start:s1:0", "start:i1:0"), starts());
    exit("i1", 0);
    awaitRunning("main", 0);
    assertEquals(List.of("start:s1:0", "start:i1:0", "start:s2:0", "start:main:0"), starts());
    exit("s2", 0);
    awaitRunning("s2", 1);
    exit("s2", 0);
    PodView without = node.await(
        "web", view -> view.initContainers().get(2).state().equals("CrashLoopBackOff")
            && condition(view, "Ready").status().equals("False"));
    assertEquals("Running", without.phase());
    assertEquals("containers with unready status: [s2]", condition(without, "Ready").message());
    time.advance(Duration.ofSeconds(10));
    awaitRunning("s2", 2);
    assertEquals(1, provider.count("start:main"));
  }

  @Test
  void whenTheRegularOnesHaveEndedTheSidecarsEndInReverseOrderAndThenThePod() {
    provider.stopsAtOnce = false;
    node.want(pod("Never", "s1", "s2"));
    awaitRunning("main", 0);
    exit("main", 0);
    node.await(() -> provider.count("stop:s2") == 1);
    PodView ending = node.await("web", view -> view.state().equals("Ending"));
    assertEquals("Running", ending.phase());
    assertEquals(0, provider.count("stop:s1"));
    time.advance(Duration.ofSeconds(4));
    provider.ended("s2", 0);
    node.await(() -> provider.count("stop:s1:26") == 1);
    provider.ended("s1", 1);
    assertEquals("Succeeded", node.await("web", view -> view.state().equals("Succeeded")).phase());
  }

  @Test
  void aDeletedPodsSidecarsEndAfterTheOthersWithinTheGrace() {
    provider.stopsAtOnce = false;
    node.want(pod("Always", "s1", "s2"));
    awaitRunning("main", 0);
    node.want();
    node.await(() -> provider.count("stop:main:30") == 1);
    assertEquals(0, provider.count("stop:s"));
    // The grace is over before their turn has come: then all must go.
    time.advance(Duration.ofSeconds(30));
    node.await(() -> provider.count("stop:s1") == 1 && provider.count("stop:s2") == 1);
    provider.ended("main", 137);
    node.await(() -> node.view("web").isEmpty());
  }

  @Test
  void aNewCoreGoesOnWhereTheInitContainersWere() throws Exception {
    node.want(pod("Always", "i1", "s1", "i2"));
    awaitRunning("i1", 0);
    exit("i1", 0);
    awaitRunning("i2", 0);
    restartCore();
    awaitRunning("i2", 0);
    exit("i2", 0);
    awaitRunning("main", 0);
    restartCore();
    awaitRunning("main", 0);
    awaitRunning("s1", 0);
    exit("main", 1);
    awaitRunning("main", 1);
    assertEquals(List.of("start:i1:0", "start:s1:0", "start:i2:0", "start:main:0", "start:main:1"), starts());
  }

  @Test
  void inANewSandboxTheyAllRunAgain() {
    node.want(pod("Always", "i1", "s1"));
    awaitRunning("i1", 0);
    exit("i1", 0);
    awaitRunning("main", 0);
    provider.lose("s-u1-0");
    awaitRunning("i1", 1);
    assertFalse(starts().contains("start:main:1"));
    assertTrue(node.dispatcher.events("u1").stream().anyMatch(event -> event.reason().equals("SandboxChanged")));
    exit("i1", 0);
    awaitRunning("main", 1);
    assertEquals(
        List.of("start:i1:0", "start:s1:0", "start:main:0", "start:i1:1", "start:s1:1", "start:main:1"), starts());
  }

  @Test
  void aPodThatIsNeverRestartedDoesNotRunItsInitContainersTwice() {
    node.want(pod("Never", "i1", "i2"));
    awaitRunning("i1", 0);
    exit("i1", 0);
    awaitRunning("i2", 0);
    provider.lose("s-u1-0");
    node.await("web", view -> view.state().equals("Failed"));
    assertEquals(List.of("start:i1:0", "start:i2:0"), starts());
  }
}

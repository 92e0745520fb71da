package io.bundlet.core.pod;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that must end though nobody deletes them. */
class EndingTest {
  private static final String TOO_LONG = "Pod was active on the node longer than the specified deadline";

  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static Pod limited(long seconds) {
    Pod pod = pod("web", "u1", "Always", "a");
    pod.getSpec().setActiveDeadlineSeconds(seconds);
    return pod;
  }

  private void awaitRunning() {
    node.awaitContainer("web", "a", container -> container.state().equals("Running"));
  }

  private void awaitTooLong() {
    PodView failed = node.await("web", view -> view.state().equals("Failed"));
    assertEquals("Failed", failed.phase());
    assertEquals("DeadlineExceeded", failed.reason());
    assertEquals(TOO_LONG, failed.message());
    assertTrue(failed.conditions().stream().noneMatch(one -> one.type().equals("DisruptionTarget")));
  }

  @Test
  void aPodThatIsActiveForTooLongEndsWithItsGraceAndIsShownAsItWasMeanwhile() {
    provider.stopsAtOnce = false;
    node.bind(provider);
    node.want(limited(60));
    awaitRunning();
    time.advance(Duration.ofSeconds(59));
    assertEquals(0, provider.count("stop:"));
    time.advance(Duration.ofSeconds(1));
    node.await(() -> provider.count("stop:a:30") == 1);
    PodView ending = node.await("web", view -> view.state().equals("Ending"));
    assertEquals("Running", ending.phase());
    assertEquals("", ending.reason());
    provider.ended("a", 143);
    awaitTooLong();
    node.await(() -> provider.sandboxes.isEmpty());
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void itEndsAlsoBeforeAnythingRuns() {
    node.want(limited(60));
    node.await("web", view -> view.reason().equals("RuntimeProviderMissing"));
    time.advance(Duration.ofSeconds(60));
    awaitTooLong();
  }

  @Test
  void itEndsWhileItsSandboxCannotBeMade() {
    provider.failures.put("run", () -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, "no network"));
    node.bind(provider);
    node.want(limited(60));
    node.await("web", view -> view.reason().equals("FailedCreatePodSandBox"));
    time.advance(Duration.ofSeconds(60));
    awaitTooLong();
    assertEvent("Warning FailedCreatePodSandBox Failed to create pod sandbox: no network");
    assertEvent("Normal DeadlineExceeded " + TOO_LONG);
  }

  private void assertEvent(String expected) {
    List<String> events =
        node.dispatcher.events("u1").stream()
            .map(event -> event.type() + " " + event.reason() + " " + event.message()).toList();
    assertTrue(events.contains(expected), events.toString());
  }

  @Test
  void timeOfANodeThatWasAwayCounts() throws Exception {
    node.bind(provider);
    node.want(limited(60));
    awaitRunning();
    node.close();
    time.advance(Duration.ofSeconds(61));
    node = new TestNode(data, time);
    node.bind(provider);
    awaitTooLong();
  }

  @Test
  void aNewCoreGoesOnWithTheEndAndWithWhatIsLeftOfTheGrace() throws Exception {
    provider.stopsAtOnce = false;
    node.bind(provider);
    node.want(limited(60));
    awaitRunning();
    time.advance(Duration.ofSeconds(60));
    node.await(() -> provider.count("stop:a:30") == 1);
    node.close();
    time.advance(Duration.ofSeconds(10));
    node = new TestNode(data, time);
    node.bind(provider);
    node.await(() -> provider.count("stop:a:20") == 1);
    assertEquals("Running", node.await("web", view -> view.state().equals("Ending")).phase());
    provider.ended("a", 143);
    awaitTooLong();
  }

  @Test
  void theNodeEndsAPodAndSaysSo() {
    node.bind(provider);
    node.want(pod("web", "u1", "Always", "a"));
    awaitRunning();
    node.dispatcher.endPod(
        "u1", EndRequest.disrupted("Evicted", "The node was low on resource: memory. ", time.now(),
            Duration.ofSeconds(5)));
    PodView failed = node.await("web", view -> view.state().equals("Failed"));
    assertEquals("Evicted", failed.reason());
    assertEvent("Warning Evicted The node was low on resource: memory. ");
    assertEquals(1, provider.count("stop:a:5"));
    assertTrue(
        failed.conditions().stream()
            .anyMatch(one -> one.type().equals("DisruptionTarget") && one.reason().equals("TerminationByKubelet")));
    time.advance(Duration.ofHours(1));
    node.dispatcher.endPod("u1", EndRequest.disrupted("Again", "", time.now(), Duration.ZERO));
    node.want();
    node.await(() -> node.view("web").isEmpty());
  }

  @Test
  void aPodThatIsDeletedWhileItEndsGoes() {
    provider.stopsAtOnce = false;
    node.bind(provider);
    node.want(limited(60));
    awaitRunning();
    time.advance(Duration.ofSeconds(60));
    node.await(() -> provider.count("stop:a:30") == 1);
    node.want();
    node.dispatcher.hold("u1", Duration.ZERO, false);
    node.await(() -> node.view("web").isEmpty());
    assertEquals(1, provider.count("stop:a:2"));
  }
}

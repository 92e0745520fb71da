package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.ScriptedVolumes;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of pods whose drivers fail, hang or are away. */
class PodVolumesTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private ScriptedVolumes driver;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    driver = new ScriptedVolumes(data);
    node = new TestNode(data, time);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void bindDriver() {
    node.volumes.bind(driver, Map.of(VolumeDriver.KIND, "hostPath"));
  }

  private static Pod pod(String restartPolicy) {
    Pod pod = TestNode.pod("web", "u1", restartPolicy, "a");
    pod.getSpec().setVolumes(
        List.of(new VolumeBuilder().withName("v").withNewHostPath().withPath("/x").endHostPath().build()));
    pod.getSpec().getContainers().getFirst().setVolumeMounts(
        List.of(new VolumeMountBuilder().withName("v").withMountPath("/v").build()));
    return pod;
  }

  private static boolean running(ContainerView container) {
    return container.state().equals("Running");
  }

  /** The pod runs, and then a new core comes, without a driver. */
  private void adopted(String restartPolicy) throws Exception {
    bindDriver();
    node.want(pod(restartPolicy));
    node.awaitContainer("web", "a", PodVolumesTest::running);
    node.close();
    node = new TestNode(data, time);
    node.bind(provider);
  }

  private PodView awaitRunning() {
    return node.await("web", view -> view.state().equals("Running"));
  }

  @Test
  void whatAPodThatHasEndedHadInItsVolumesIsGivenUpAndItStays() {
    bindDriver();
    node.want(pod("Never"));
    node.awaitContainer("web", "a", PodVolumesTest::running);
    provider.exit(provider.only("a"), 0);
    node.await("web", view -> view.state().equals("Succeeded"));
    node.await(() -> driver.asked.contains("unmount:v"));
    node.want();
    node.await(() -> node.view("web").isEmpty());
  }

  @Test
  void anAdoptedPodIsLookedAfterWithoutItsDriver() throws Exception {
    adopted("Never");
    node.await("web", view -> view.state().equals("Running") && view.reason().equals("FailedMount"));
    provider.exit(provider.only("a"), 0);
    node.await("web", view -> view.state().equals("Succeeded"));
  }

  @Test
  void anAdoptedPodWhoseVolumeVanishedIsLookedAfterAndCanBeStopped() throws Exception {
    driver.failure = "";
    adopted("Always");
    driver.failure = "/x is not there";
    bindDriver();
    PodView held = node.await("web", view -> view.state().equals("Running") && view.message().contains("/x is not"));
    assertEquals("FailedMount", held.reason());
    driver.failure = "";
    node.want();
    node.await(() -> node.view("web").isEmpty());
    assertEquals(1, provider.count("stop:a"));
  }

  @Test
  void aDriverThatHangsDoesNotHoldUpSupervision() throws Exception {
    adopted("Never");
    driver.holdsUp = new CountDownLatch(1);
    bindDriver();
    awaitRunning();
    provider.exit(provider.only("a"), 0);
    node.await("web", view -> view.state().equals("Succeeded"));
  }

  @Test
  void onlyANewContainerOfAnAdoptedPodWaitsForItsVolumes() throws Exception {
    adopted("Always");
    awaitRunning();
    provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
    ContainerView waiting = node.awaitContainer("web", "a", container -> container.reason().equals("FailedMount"));
    assertEquals("Waiting", waiting.state());
    bindDriver();
    node.awaitAsTimePasses(
        () -> node.view("web").orElseThrow().containers().stream().allMatch(PodVolumesTest::running));
    assertEquals("", awaitRunning().reason());
    assertEquals(2, provider.count("start:a"));
  }

  @Test
  void aPodThatStartsOverInANewSandboxMountsFirst() throws Exception {
    adopted("Always");
    awaitRunning();
    provider.lose("s-u1-0");
    node.await("web", view -> view.state().equals("VolumesMounting") && view.reason().equals("FailedMount"));
    assertEquals(1, provider.count("run:"));
    bindDriver();
    node.awaitContainer("web", "a", container -> running(container) && container.restartCount() == 1);
  }

  @Test
  void theEndOfAPodWaitsForItsDriverAndSaysSo() throws Exception {
    adopted("Always");
    node.want();
    PodView waiting = node.await("web", view -> view.reason().equals("FailedUnmount"));
    assertEquals("Terminating", waiting.state());
    assertTrue(waiting.message().contains("no driver for volumes of kind hostPath"), waiting.message());
    bindDriver();
    node.await(() -> node.view("web").isEmpty());
    assertTrue(driver.asked.contains("unmount:v"), driver.asked.toString());
  }

  @Test
  void aDriverThatComesTooLateUnmountsWhatWasLeftAlsoAfterANewStart() throws Exception {
    adopted("Always");
    node.want();
    node.await("web", view -> view.reason().equals("FailedUnmount"));
    time.advance(Duration.ofMinutes(2));
    node.await(() -> node.view("web").isEmpty());
    node.close();
    driver = new ScriptedVolumes(data);
    node = new TestNode(data, time);
    bindDriver();
    node.await(() -> driver.asked.contains("unmount:v"));
  }

  @Test
  void whatCannotBeUnmountedYetIsTriedAgainAfterItsPod() throws Exception {
    adopted("Always");
    node.want();
    node.await("web", view -> view.reason().equals("FailedUnmount"));
    time.advance(Duration.ofMinutes(2));
    node.await(() -> node.view("web").isEmpty());
    driver.asked.clear();
    driver.failure = "busy";
    bindDriver();
    node.await(() -> driver.asked.equals(List.of("unmount:v")) && time.awaited(Duration.ofMillis(500)));
    driver.failure = "";
    time.advance(Duration.ofMillis(500));
    node.await(() -> driver.asked.equals(List.of("unmount:v", "unmount:v")));
  }

  @Test
  void aPodThatWaitedForADriverInVainEndsAtOnce() {
    node.want(pod("Always"));
    node.await("web", view -> view.reason().equals("FailedMount"));
    node.want();
    node.await(() -> node.view("web").isEmpty());
  }

  @Test
  void anUnmountThatHangsIsToldAndEndsWithTheCore() throws Exception {
    bindDriver();
    node.want(pod("Always"));
    node.awaitContainer("web", "a", PodVolumesTest::running);
    driver.holdsUp = new CountDownLatch(1);
    node.want();
    node.await(() -> driver.asked.contains("unmount:v") && time.awaited(Duration.ofSeconds(5)));
    time.advance(Duration.ofSeconds(5));
    PodView waiting = node.await("web", view -> view.reason().equals("FailedUnmount"));
    assertEquals("volume v is being unmounted", waiting.message());
    node.close();
    driver.holdsUp = new CountDownLatch(0);
    node = new TestNode(data, time);
    node.bind(provider);
    bindDriver();
    node.await(() -> driver.asked.stream().filter("unmount:v"::equals).count() == 2 && node.view("web").isEmpty());
  }
}

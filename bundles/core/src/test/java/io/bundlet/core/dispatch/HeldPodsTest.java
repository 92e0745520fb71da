package io.bundlet.core.dispatch;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.PodView;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.store.NodeRecord;
import io.bundlet.core.store.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that are wanted and do not run: held ones, and those whose name is taken. */
class HeldPodsTest {
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

  private void want(String uid) {
    node.want(pod("web", uid, "Always", "a"), pod("other", "o", "Always", "b"));
    node.await("other", view -> view.phase().equals("Running"));
  }

  private void hold(boolean lasting) {
    want("u1");
    node.await("web", view -> view.phase().equals("Running"));
    assertTrue(node.dispatcher.hold("u1", Duration.ofSeconds(1), lasting));
    node.await(() -> provider.sandboxes.keySet().stream().noneMatch(id -> id.startsWith("s-u1")));
  }

  @Test
  void aStoppedPodStaysAwayWhenTheCoreIsExchanged() throws Exception {
    hold(false);
    node.await(() -> node.view("web").isEmpty());
    restartCore();
    want("u1");
    assertTrue(node.view("web").isEmpty());
    assertEquals(1, provider.count("run:web"));
  }

  @Test
  void aStopThatDoesNotLastEndsWithTheProcess() throws Exception {
    node.close();
    StateStore store = StateStore.open(data.resolve("pods.log"));
    store.changeNode(
            known -> known.withHolds(List.of(new NodeRecord.Hold("u1", "test", "1@before", Instant.EPOCH))))
        .await();
    store.close();
    start();
    want("u1");
    node.await("web", view -> view.phase().equals("Running"));
  }

  @Test
  void aHeldPodIsShownAlsoAfterARestartAndRunsWhenItIsReleased() throws Exception {
    hold(true);
    node.await("web", view -> view.reason().equals("Held"));
    restartCore();
    want("u1");
    PodView held = node.await("web", view -> view.reason().equals("Held"));
    assertEquals("Pending", held.phase());
    assertEquals(1, provider.count("run:web"));
    assertTrue(node.dispatcher.release("u1"));
    node.await("web", view -> view.phase().equals("Running"));
    assertFalse(node.dispatcher.release("u1"));
  }

  @Test
  void whoStopsAHeldPodForThisProcessSeesItGoAndTheHoldLasts() throws Exception {
    hold(true);
    node.await("web", view -> view.reason().equals("Held"));
    assertTrue(node.dispatcher.hold("u1", Duration.ZERO, false));
    node.await(() -> node.view("web").isEmpty());
    restartCore();
    want("u1");
    node.await("web", view -> view.reason().equals("Held"));
  }

  @Test
  void aHoldEndsWithItsManifest() throws Exception {
    hold(true);
    node.want(pod("other", "o", "Always", "b"));
    node.await(() -> node.view("web").isEmpty());
    want("u1");
    node.await("web", view -> view.phase().equals("Running"));
  }

  @Test
  void aSourceThatHasNotSpokenYetKeepsItsHolds() throws Exception {
    hold(true);
    restartCore();
    node.dispatcher.wanted("another", false, List.of());
    want("u1");
    node.await("web", view -> view.reason().equals("Held"));
  }

  @Test
  void aPodWhoseNameIsTakenIsShown() {
    provider.stopsAtOnce = false;
    node.want(pod("web", "u1", "Always", "a"));
    node.await("web", view -> view.phase().equals("Running"));
    node.want(pod("web", "u2", "Always", "a"));
    node.await(
        () ->
            node.status.pods().stream()
                .anyMatch(
                    view ->
                        view.uid().equals("u2") && view.reason().equals("NameTaken")
                            && view.message().contains("u1")));
    // Nobody wants it any more: it goes without ever having had a worker.
    node.want();
    node.await(() -> node.status.pods().stream().noneMatch(view -> view.uid().equals("u2")));
    node.want(pod("web", "u3", "Always", "a"));
    node.await(() -> node.status.pods().stream().anyMatch(view -> view.uid().equals("u3")));
    // It can be stopped before it starts, too.
    assertTrue(node.dispatcher.hold("u3", Duration.ZERO, false));
    node.await(() -> node.status.pods().stream().noneMatch(view -> view.uid().equals("u3")));
    node.dispatcher.release("u3");
    node.dispatcher.hold("u1", Duration.ZERO, false);
    node.await("web", view -> view.uid().equals("u3") && view.phase().equals("Running"));
  }
}

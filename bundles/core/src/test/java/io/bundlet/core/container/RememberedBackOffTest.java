package io.bundlet.core.container;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waits between the attempts of a container: what is remembered of them, and how they grow. */
class RememberedBackOffTest {
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

  private void awaitRunning(int restarts) {
    node.awaitContainer(
        "web", "a", container -> container.state().equals("Running") && container.restartCount() == restarts);
  }

  private void crash() {
    provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
  }

  /** The container waits for its second restart, 20 s long, of which 5 are over. */
  private void intoBackOff() {
    node.want(pod("web", "u1", "Always", "a"));
    awaitRunning(0);
    crash();
    awaitRunning(1);
    crash();
    awaitBackOff();
    time.advance(Duration.ofSeconds(10));
    awaitRunning(2);
    crash();
    awaitBackOff();
    time.advance(Duration.ofSeconds(5));
  }

  private ContainerView awaitBackOff() {
    return node.awaitContainer("web", "a", container -> container.state().equals("CrashLoopBackOff"));
  }

  private void restartCore() throws Exception {
    node.close();
    start();
  }

  @Test
  void theRestOfACrashLoopsWaitGoesOnAfterACoreExchange() throws Exception {
    intoBackOff();
    restartCore();
    assertEquals("back-off 20s restarting failed container=a pod=web_default(u1)", awaitBackOff().message());
    time.advance(Duration.ofSeconds(15).minusMillis(1));
    awaitBackOff();
    assertEquals(3, provider.count("start:a"));
    time.advance(Duration.ofMillis(1));
    awaitRunning(3);
  }

  @Test
  void theRestGoesOnWhenTheNodeDiedWithItsSandbox() throws Exception {
    intoBackOff();
    node.close();
    provider.crash();
    start();
    awaitBackOff();
    assertEquals(3, provider.count("start:a"));
    time.advance(Duration.ofSeconds(15));
    awaitRunning(3);
  }

  @Test
  void aClockThatWasSetBackDoesNotMakeItLonger() throws Exception {
    intoBackOff();
    node.close();
    time.setWallClock(Duration.ofDays(-3));
    start();
    awaitBackOff();
    time.advance(Duration.ofSeconds(20));
    awaitRunning(3);
  }

  @Test
  void aWaitThatEndedWhileTheCoreWasAwayIsOver() throws Exception {
    intoBackOff();
    node.close();
    time.advance(Duration.ofMinutes(1));
    start();
    awaitRunning(3);
  }

  @Test
  void startsThatFailAreTriedLessAndLessOften() {
    AtomicInteger starts = new AtomicInteger();
    provider.failures.put(
        "start",
        () -> {
          starts.incrementAndGet();
          return ProviderFailure.outcomeUnknown(ProviderFailure.DEADLINE, "it took too long", null);
        });
    node.want(pod("web", "u1", "Always", "a"));
    for (int round = 1; round <= 4; round++) {
      int failed = round;
      Duration wait = Duration.ofMillis(500L << (round - 1));
      node.await(() -> starts.get() == failed && time.awaited(wait));
      time.advance(wait);
    }
    node.await(() -> starts.get() == 5);
  }
}

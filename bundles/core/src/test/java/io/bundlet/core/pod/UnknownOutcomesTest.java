package io.bundlet.core.pod;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that may have taken effect, although nobody knows. */
class UnknownOutcomesTest {
  private static final ProviderFailure LOST =
      ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the answer was lost", null);

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

  private static boolean running(ContainerView container) {
    return container.state().equals("Running");
  }

  /** The first call of this kind makes what it should, and its answer is lost. */
  private void loseFirst(String call, Runnable effect) {
    AtomicInteger calls = new AtomicInteger();
    provider.failures.put(call, () -> {
      if (calls.getAndIncrement() > 0) {
        return null;
      }
      effect.run();
      return LOST;
    });
  }

  private void sandbox(String uid, int attempt) {
    SandboxId id = new SandboxId("s-" + uid + "-" + attempt);
    provider.sandboxes.put(id.value(), new SandboxStatus(
        id, new PodId("default", "web", uid), attempt, true, List.of(), Instant.EPOCH));
  }

  /** Waits until it is so, while time passes. */
  private void ticking(BooleanSupplier so) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!so.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "it did not come about: " + node.view("web") + provider.asked);
      time.advance(Duration.ofMillis(500));
      LockSupport.parkNanos(5_000_000);
    }
  }

  private ContainerView runs() {
    ticking(() -> node.view("web").filter(view -> !view.containers().isEmpty()
        && running(view.containers().getFirst())).isPresent());
    return node.view("web").orElseThrow().containers().getFirst();
  }

  @Test
  void aSandboxWhoseAnswerWasLostIsAskedForOnceMore() {
    loseFirst("run", () -> sandbox("u1", 0));
    node.want(pod("web", "u1", "Always", "a"));
    runs();
    assertEquals(List.of("run:web:0", "run:web:0"),
        provider.asked.stream().filter(what -> what.startsWith("run:")).toList());
    assertEquals(0, provider.count("remove-sandbox"));
  }

  @Test
  void aNameThatIsTakenThenRaisesTheAttempt() {
    AtomicInteger calls = new AtomicInteger();
    provider.failures.put("run", () -> switch (calls.getAndIncrement()) {
      case 0 -> {
        sandbox("u1", 0);
        yield LOST;
      }
      case 1 -> ProviderFailure.of(ProviderFailure.EXISTS, "the name is reserved");
      default -> null;
    });
    node.want(pod("web", "u1", "Always", "a"));
    runs();
    assertEquals(List.of("s-u1-1"), List.copyOf(provider.sandboxes.keySet()));
  }

  @Test
  void aSandboxThatIsNotThereIsNotBuiltOn() {
    AtomicInteger answers = new AtomicInteger();
    provider.answered = id -> answers.getAndIncrement() == 0 ? "nobody" : id;
    node.want(pod("web", "u1", "Always", "a"));
    runs();
    assertEquals(2, provider.count("run:web:0"));
    assertEquals(List.of("s-u1-0"), List.copyOf(provider.sandboxes.keySet()));
  }

  @Test
  void aContainerThatIsNotThereIsAskedForOnceMore() {
    AtomicInteger answers = new AtomicInteger();
    provider.answered = id -> id.endsWith("-a-0") && answers.getAndIncrement() == 0 ? "nobody" : id;
    node.want(pod("web", "u1", "Always", "a"));
    ContainerView running = runs();
    assertEquals(0, running.restartCount());
    assertEquals(2, provider.count("create:a:0"));
    assertEquals(1, provider.containers.size());
  }

  @Test
  void aStartWhoseAnswerWasLostIsLookedAt() {
    loseFirst("start", () -> {
      ContainerStatus made = provider.containers.get(provider.only("a").value());
      provider.containers.put(made.id().value(), made.running(time.now()));
    });
    node.want(pod("web", "u1", "Always", "a"));
    assertEquals(0, runs().restartCount());
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void whatComesLateBesideWhatThePodHasIsRemoved() {
    AtomicInteger creates = new AtomicInteger();
    provider.failures.put("create", () -> creates.getAndIncrement() == 0
        ? ProviderFailure.of(ProviderFailure.EXISTS, "the name is reserved") : null);
    AtomicInteger runs = new AtomicInteger();
    provider.failures.put("run", () -> runs.getAndIncrement() == 0
        ? ProviderFailure.of(ProviderFailure.EXISTS, "the name is reserved") : null);
    node.want(pod("web", "u1", "Always", "a"));
    runs();
    assertEquals(List.of("s-u1-1"), List.copyOf(provider.sandboxes.keySet()));

    sandbox("u1", 0);
    ContainerId late = new ContainerId("late");
    ContainerStatus present = provider.containers.values().iterator().next();
    assertEquals(1, present.attempt());
    provider.containers.put("late", new ContainerStatus(late, present.sandbox(), present.pod(), "a", 0,
        ContainerStatus.CREATED, Instant.EPOCH, Optional.empty(), Optional.empty(), "img"));
    node.providers.listAgain();
    node.await(() -> !provider.sandboxes.containsKey("s-u1-0") && !provider.containers.containsKey("late"));
    assertTrue(running(node.view("web").orElseThrow().containers().getFirst()));
    assertEquals(1, provider.containers.size());
    assertEquals(1, provider.sandboxes.size());
  }

  @Test
  void forTheAnswerThatAContainerHasEndedNobodyWaitsLong() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    provider.failures.put("stop", () -> {
      try {
        provider.exit(provider.only("a"), 0);
        never.await();
        return null;
      } catch (InterruptedException cancelled) {
        return LOST;
      }
    });
    node.want(pod("web", "u1", "Always", "a"));
    runs();
    node.want();
    ticking(() -> node.view("web").isEmpty());
    assertTrue(provider.sandboxes.isEmpty());
  }

  @Test
  void aRemovalThatHangsDoesNotKeepTheNextInstanceWaiting() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    provider.failures.put("remove", () -> {
      try {
        never.await();
        return null;
      } catch (InterruptedException cancelled) {
        return LOST;
      }
    });
    node.want(pod("web", "u1", "Always", "a"));
    runs();
    provider.exit(provider.only("a"), 1);
    node.await(() -> provider.count("remove:") == 1);
    ticking(() -> node.view("web").orElseThrow().containers().stream()
        .anyMatch(container -> running(container) && container.restartCount() == 1));
    provider.failures.clear();
    node.providers.listAgain();
    node.await(() -> provider.containers.size() == 1);
  }
}

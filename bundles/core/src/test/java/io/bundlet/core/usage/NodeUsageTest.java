package io.bundlet.core.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.StatsPart;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.provider.ProviderRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeUsageTest {
  private final ManualTime time = new ManualTime();
  private final ProviderRegistry providers = new ProviderRegistry(time);
  private final List<FakePod> pods = new CopyOnWriteArrayList<>();
  private final NodeUsage usage =
      new NodeUsage(time, new RuntimeStats(time, providers, new Owner("n")), () -> pods,
          uid -> pods.stream().filter(pod -> pod.uid().equals(uid)).findFirst());

  @AfterEach
  void end() throws Exception {
    pods.forEach(pod -> pod.held.countDown());
    usage.end();
    providers.end();
  }

  /** A pod whose files take as long as a test wants. */
  private final class FakePod implements MeasuredPod {
    private final String uid;
    private final AtomicInteger walks = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile long bytes = 1;

    FakePod(String uid) {
      this.uid = uid;
      pods.add(this);
    }

    @Override
    public String uid() {
      return uid;
    }

    @Override
    public String provider() {
      return "scripted";
    }

    @Override
    public Map<String, String> containerIds() {
      return Map.of("a", "id-" + uid);
    }

    @Override
    public DiskUse disk() throws InterruptedException {
      walks.incrementAndGet();
      try {
        held.await();
      } catch (InterruptedException late) {
        interrupted.incrementAndGet();
        throw late;
      }
      return new DiskUse(Map.of(), Map.of("a", bytes), 1);
    }
  }

  private static void await(BooleanSupplier so) {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!so.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come about");
      Thread.onSpinWait();
    }
  }

  private Optional<Long> bytes(String uid) {
    return usage.of(uid).flatMap(use -> use.diskBytes().stream().boxed().findFirst());
  }

  private void later(int seconds) throws InterruptedException {
    time.advance(Duration.ofSeconds(seconds));
    usage.look();
  }

  private void look() {
    try {
      usage.look();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void aPodThatTakesLongIsMeasuredRarelyAndKeepsNobodyWaiting() throws Exception {
    FakePod hostile = new FakePod("hostile");
    hostile.held = new CountDownLatch(1);
    FakePod modest = new FakePod("modest");
    usage.look();
    await(() -> bytes("modest").isPresent() && hostile.walks.get() == 1);
    assertEquals(Optional.empty(), bytes("hostile"));
    for (int i = 2; i <= 6; i++) {
      modest.bytes = i;
      later(10);
      long now = i;
      await(() -> bytes("modest").equals(Optional.of(now)));
    }
    assertEquals(1, hostile.walks.get());
    hostile.held.countDown();
    await(() -> bytes("hostile").isPresent());
    for (int i = 7; i <= 9; i++) {
      modest.bytes = i;
      later(60);
      long now = i;
      await(() -> bytes("modest").equals(Optional.of(now)));
    }
    assertEquals(1, hostile.walks.get(), "it took 50 s, and rests for 250");
    later(80);
    await(() -> hostile.walks.get() == 2);
  }

  @Test
  void aWalkWithoutAnEndIsEndedAndTheNumbersOfBeforeStay() throws Exception {
    FakePod pod = new FakePod("u1");
    usage.look();
    await(() -> bytes("u1").equals(Optional.of(1L)));
    pod.held = new CountDownLatch(1);
    later(10);
    await(() -> pod.walks.get() == 2);
    later(119);
    assertEquals(0, pod.interrupted.get());
    later(1);
    await(() -> pod.interrupted.get() == 1);
    assertEquals(Optional.of(1L), bytes("u1"));
  }

  @Test
  void thereAreNeverMoreThanAFewWalksAndThoseOfPodsThatAreGoneEnd() throws Exception {
    for (int i = 0; i < 6; i++) {
      FakePod pod = new FakePod("u" + i);
      pod.held = new CountDownLatch(1);
    }
    usage.look();
    later(10);
    await(() -> pods.stream().mapToInt(pod -> pod.walks.get()).sum() == DiskWalks.AT_ONCE);
    FakePod gone = pods.stream().filter(pod -> pod.walks.get() == 1).findFirst().orElseThrow();
    pods.remove(gone);
    later(10);
    await(() -> gone.interrupted.get() == 1);
    await(() -> {
      // No time passes: walks that take too long would be begun again, and counted.
      look();
      return pods.stream().mapToInt(pod -> pod.walks.get()).sum() == DiskWalks.AT_ONCE;
    });
  }

  private ScriptedProvider provider() {
    ScriptedProvider provider = new ScriptedProvider(time);
    providers.bind(provider, Map.of(RuntimeProvider.NAME, "scripted"));
    return provider;
  }

  @Test
  void processorTimeIsARateBetweenTwoLooks() throws Exception {
    new FakePod("u1");
    ScriptedProvider provider = provider();
    long[] nanos = {7_000_000_000L};
    provider.parts.put(
        StatsPart.class,
        (StatsPart) owner ->
            List.of(
                ContainerStats.of(new ContainerId("id-u1")).cpuNanos(nanos[0]).memoryBytes(5).diskBytes(9).build(),
                ContainerStats.of(new ContainerId("of-nobody")).memoryBytes(1000).build()));
    usage.look();
    assertEquals(OptionalLong.of(5), usage.of("u1").orElseThrow().memoryBytes());
    assertEquals(OptionalLong.empty(), usage.of("u1").orElseThrow().cpuMillis());
    nanos[0] += 2_500_000_000L;
    later(10);
    assertEquals(OptionalLong.of(250), usage.of("u1").orElseThrow().cpuMillis());
    await(() -> bytes("u1").equals(Optional.of(10L)));
    assertEquals(OptionalLong.of(10), usage.of("u1").orElseThrow().diskBytes("a"));
    assertEquals(Optional.empty(), usage.of("of-nobody"));
  }

  @Test
  void aProviderThatCannotTellIsAnUnknownAndOneThatFailsKeepsItsNumbers() throws Exception {
    new FakePod("u1");
    usage.look();
    ScriptedProvider provider = provider();
    usage.look();
    assertEquals(OptionalLong.empty(), usage.of("u1").orElseThrow().memoryBytes());
    provider.parts.put(
        StatsPart.class,
        (StatsPart) owner -> List.of(ContainerStats.of(new ContainerId("id-u1")).memoryBytes(5).build()));
    later(10);
    provider.parts.put(
        StatsPart.class,
        (StatsPart) owner -> {
          throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "not now");
        });
    later(10);
    assertEquals(OptionalLong.of(5), usage.of("u1").orElseThrow().memoryBytes());
  }
}

package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.EventView;
import io.bundlet.api.runtime.ExecResult;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What probes do to a container's machine, and what is remembered of them. */
@Timeout(300)
class ProbesOfContainersTest {
  @TempDir Path data;
  private final Set<String> good = ConcurrentHashMap.newKeySet();
  private OneContainer one;

  @AfterEach
  void close() throws Exception {
    one.close();
  }

  private static Probe probe(String command, Long grace) {
    return new ProbeBuilder()
        .withNewExec().withCommand(command).endExec()
        .withPeriodSeconds(10).withFailureThreshold(2).withTerminationGracePeriodSeconds(grace).build();
  }

  private OneContainer with(ContainerBuilder container) throws Exception {
    one = new OneContainer(data, container);
    return one.exec(
        (id, exec) -> new ExecResult(good.contains(exec.command().getFirst()) ? 0 : 1, new byte[0], new byte[0]));
  }

  /**
   * Lets probes be made until it is so. An attempt whose answer is not taken before the clock goes on has timed out,
   * and then the next one may be left out: the clock goes on again.
   */
  private ContainerSnapshot probed(java.util.function.Predicate<ContainerSnapshot> so) {
    for (int round = 0; round < 40 && !so.test(one.now()); round++) {
      int before = one.commands.size();
      one.time.advance(Duration.ofSeconds(10));
      long patience = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (one.commands.size() == before && !so.test(one.now()) && System.nanoTime() - patience < 0) {
        LockSupport.parkNanos(200_000);
      }
    }
    return one.awaitNow(so);
  }

  /** Lets time go on until so many probes have failed and were told; then it stands still, also while they are told. */
  private void failed(int times) {
    while (true) {
      one.await(() -> told() >= one.commands.size());
      int made = one.commands.size();
      if (told() >= times) {
        return;
      }
      one.time.advance(Duration.ofSeconds(10));
      afterMoreThan(made);
    }
  }

  private long told() {
    return one.events.all().stream().filter(event -> event.reason().equals("Unhealthy")).mapToLong(EventView::count)
        .sum();
  }

  /** Waits until more have been made; not for ever, as one whose answer was not taken yet has the next one left out. */
  private void afterMoreThan(int made) {
    long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (one.commands.size() == made && System.nanoTime() - patience < 0) {
      LockSupport.parkNanos(200_000);
    }
  }

  @Test
  void withoutProbesARunningContainerHasStartedAndIsReady() throws Exception {
    with(new ContainerBuilder()).start();
    ContainerSnapshot running = one.awaitState("Running");
    assertTrue(running.started() && running.ready());
  }

  @Test
  void readinessSaysWhetherItIsReady() throws Exception {
    with(new ContainerBuilder().withReadinessProbe(probe("ready?", null))).start();
    ContainerSnapshot running = one.awaitState("Running");
    assertTrue(running.started());
    assertFalse(running.ready());
    good.add("ready?");
    probed(ContainerSnapshot::ready);
    good.clear();
    probed(known -> !known.ready());
    assertEquals(0, one.provider.count("stop:c"));
  }

  @Test
  void itHasNotStartedBeforeItsStartupProbeSucceeds() throws Exception {
    with(new ContainerBuilder().withStartupProbe(probe("up?", null))).start();
    ContainerSnapshot running = one.awaitState("Running");
    assertFalse(running.started() || running.ready());
    good.add("up?");
    probed(known -> known.started() && known.ready());
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"Liveness, 7, 7", "Liveness, -, 30", "Startup, 5, 5", "Startup, 1, 2"})
  void aContainerThatFailsIsEndedWithTheProbesGraceAndMadeAgain(String kind, Long grace, int stop) throws Exception {
    Probe probe = probe("ok?", grace);
    ContainerBuilder container = new ContainerBuilder();
    with(kind.equals("Startup") ? container.withStartupProbe(probe) : container.withLivenessProbe(probe)).start();
    one.awaitRunning(0);
    failed(2);
    one.await(() -> one.provider.asked.stream().anyMatch(asked -> asked.startsWith("stop:")));
    probed(known -> known.attempt() == 1);
    assertEquals(1, one.provider.count("stop:c:" + stop), one.provider.asked.toString());
    one.awaitRunning(1);
    assertEquals(143, one.now().lastExit().orElseThrow().code());
    String word = kind.toLowerCase(java.util.Locale.ROOT);
    assertTrue(
        one.texts().contains("Normal Killing Container c failed " + word + " probe, will be restarted"),
        one.texts().toString());
    assertTrue(one.event("Unhealthy").orElseThrow().message().startsWith(kind + " probe failed"));
  }

  @Test
  void aNeverContainerThatFailsIsEndedAndThatIsAll() throws Exception {
    with(new ContainerBuilder().withLivenessProbe(probe("ok?", null)));
    one.policy = RestartPolicy.Never;
    one.start();
    one.awaitRunning(0);
    probed(known -> known.state().equals("Done"));
    assertTrue(one.texts().contains("Normal Killing Container c failed liveness probe"), one.texts().toString());
  }

  @Test
  void anAdoptedContainerIsToldAsItWasFromTheFirstStatusOn() throws Exception {
    one = new OneContainer(data, new ContainerBuilder()).start();
    one.awaitRunning(0);
    one.exchange();
    one.awaitRunning(0);
    assertTrue(one.snapshots.stream().allMatch(ContainerSnapshot::ready), one.snapshots.toString());
    assertTrue(one.snapshots.stream().allMatch(known -> known.reason().isEmpty()), one.snapshots.toString());
  }

  @Test
  void sinceWhenItRunsStaysAsItWasToldFirst() throws Exception {
    one = new OneContainer(data, new ContainerBuilder()).start();
    one.awaitRunning(0);
    one.await(() -> one.record().startedAt().isPresent());
    Optional<Instant> told = one.record().startedAt();
    // the runtime's clock read another second than the node's
    one.provider.containers.replaceAll((id, known) -> known.running(told.orElseThrow().minusSeconds(1)));
    one.exchange();
    one.awaitRunning(0);
    assertTrue(one.snapshots.stream().allMatch(known -> known.startedAt().equals(told)), one.snapshots::toString);
  }

  @Test
  void aContainerThatHasEndedIsToldAsEndedFromTheFirstStatusOn() throws Exception {
    one = new OneContainer(data, new ContainerBuilder());
    one.policy = RestartPolicy.Never;
    one.start();
    one.awaitRunning(0);
    one.exit(3);
    one.awaitState("Done");
    one.exchange();
    one.awaitState("Done");
    assertTrue(
        one.snapshots.stream().allMatch(known -> known.kind() == ContainerSnapshot.Kind.TERMINATED),
        one.snapshots.toString());
  }

  @Test
  void anAdoptedContainerKeepsItsReadiness() throws Exception {
    with(new ContainerBuilder().withReadinessProbe(probe("ready?", null)).withStartupProbe(probe("up?", null)));
    good.add("up?");
    good.add("ready?");
    one.start();
    one.awaitRunning(0);
    probed(ContainerSnapshot::ready);
    good.clear();
    one.exchange();
    one.awaitRunning(0);
    assertTrue(one.snapshots.stream().filter(known -> known.state().equals("Running"))
        .allMatch(known -> known.ready() && known.started()), one.snapshots.toString());
    one.commands.clear();
    probed(known -> !known.ready());
    assertFalse(one.commands.contains("up?"), one.commands.toString());
  }

  @Test
  void readinessGoesOnWhileTheContainerIsStopped() throws Exception {
    with(
        new ContainerBuilder().withReadinessProbe(probe("ready?", null)).withLivenessProbe(probe("alive?", null))
            .withNewLifecycle().withNewPreStop().withNewSleep(500L).endPreStop().endLifecycle());
    good.add("ready?");
    good.add("alive?");
    one.start();
    one.awaitRunning(0);
    probed(ContainerSnapshot::ready);
    one.stop(Duration.ofSeconds(1000));
    one.await(() -> one.record().instance().preStopAt().isPresent());
    one.commands.clear();
    good.clear();
    ContainerSnapshot unready = probed(known -> !known.ready());
    assertEquals("Stopping", unready.state());
    assertFalse(one.commands.contains("alive?"), one.commands.toString());
  }

  @Test
  void anEndedContainerIsNotReady() throws Exception {
    with(new ContainerBuilder());
    one.policy = RestartPolicy.Never;
    one.start();
    one.awaitRunning(0);
    one.exit(0);
    ContainerSnapshot done = one.awaitState("Done");
    assertFalse(done.ready() || done.started());
  }
}

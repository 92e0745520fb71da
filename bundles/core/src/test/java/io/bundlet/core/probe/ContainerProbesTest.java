package io.bundlet.core.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When probes are made, and what follows from what they show. */
class ContainerProbesTest {
  private final Bench bench = new Bench();

  @AfterEach
  void end() {
    bench.close();
  }

  @Test
  void withoutProbesTheContainerHasStartedAndIsReady() {
    bench.start();
    assertTrue(bench.probes.started());
    assertTrue(bench.probes.ready());
  }

  @Test
  void thePeriodIsTenSecondsAndThreeFailuresCount() {
    bench.liveness = Bench.FAIL;
    bench.liveness(Bench.exec("liveness").build()).start();
    assertTrue(bench.probes.started());
    assertTrue(bench.probes.ready());
    bench.after(0, 1).after(9, 1).after(1, 2).after(9, 2);
    assertEquals(List.of(), bench.recorder.told);
    bench.after(1, 3);
    assertEquals(List.of("Container web failed liveness probe"), bench.recorder.told);
    assertEquals("Warning Unhealthy Liveness probe failed: not well", bench.recorder.events.getFirst());
    assertEquals(3, bench.recorder.events.size());
    // It rests until there is a new instance.
    bench.after(100, 3);
  }

  @Test
  void theInitialDelayCountsFromTheStartOfTheContainer() {
    bench.runningFor = Duration.ofSeconds(4);
    bench.readiness(Bench.exec("readiness").withInitialDelaySeconds(7).build()).start();
    bench.after(2, 0).after(1, 1);
    assertEquals(List.of("ready true"), bench.recorder.told);
    bench.after(9, 1).after(1, 2);
  }

  @Test
  void readinessBeginsUnreadyAndFollowsItsThresholds() {
    bench.readiness(
        Bench.exec("readiness").withPeriodSeconds(1).withSuccessThreshold(2).withFailureThreshold(2).build()).start();
    assertFalse(bench.probes.ready());
    bench.after(0, 1);
    assertFalse(bench.probes.ready());
    bench.after(1, 2);
    assertTrue(bench.probes.ready());
    bench.readiness = Bench.FAIL;
    bench.after(1, 3);
    bench.readiness = Bench.PASS;
    bench.after(1, 4);
    bench.readiness = Bench.FAIL;
    bench.after(1, 5);
    assertEquals(List.of("ready true"), bench.recorder.told);
    bench.after(1, 6);
    assertEquals(List.of("ready true", "ready false"), bench.recorder.told);
    // It is not killed and goes on.
    bench.readiness = Bench.PASS;
    bench.after(1, 7).after(1, 8);
    assertEquals(List.of("ready true", "ready false", "ready true"), bench.recorder.told);
  }

  @Test
  void untilTheStartupProbeSucceedsItAloneIsMade() {
    bench.startup = Bench.FAIL;
    bench
        .startup(Bench.exec("startup").withPeriodSeconds(2).withFailureThreshold(5).build())
        .readiness(Bench.exec("readiness").withPeriodSeconds(1).build())
        .liveness(Bench.exec("liveness").withPeriodSeconds(1).build())
        .start();
    assertFalse(bench.probes.started());
    bench.after(0, 1).after(2, 2).after(2, 3);
    assertEquals(List.of("Startup Failure", "Startup Failure", "Startup Failure"), bench.recorder.attempts);
    bench.startup = Bench.PASS;
    bench.after(2, 6);
    assertEquals("Startup Success", bench.recorder.attempts.get(3));
    assertEquals(List.of("started true", "ready true"), bench.recorder.told);
    // Never again for this instance.
    bench.after(10, 8);
    assertEquals(4, bench.recorder.attempts.stream().filter(attempt -> attempt.startsWith("Startup")).count());
  }

  @Test
  void aContainerThatDoesNotStartIsEndedWithItsProbesGrace() {
    bench.startup = Bench.FAIL;
    bench
        .startup(Bench.exec("startup").withFailureThreshold(1).withTerminationGracePeriodSeconds(5L).build())
        .liveness(Bench.exec("liveness").build())
        .start();
    bench.after(0, 1).after(100, 1);
    assertEquals(List.of("Container web failed startup probe with 5s"), bench.recorder.told);
    assertFalse(bench.probes.started());
    assertFalse(bench.probes.ready());
  }

  @Test
  void withoutReadinessProbeReadyFollowsStarted() {
    bench.startup(Bench.exec("startup").withInitialDelaySeconds(1).build()).start();
    assertFalse(bench.probes.ready());
    bench.after(1, 1);
    assertEquals(List.of("started true", "ready true"), bench.recorder.told);
  }

  @Test
  void anInternalErrorIsTriedThreeTimesAndChangesNothing() {
    bench.liveness = exec -> {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the runtime provider x is not here");
    };
    bench.liveness(Bench.exec("liveness").withFailureThreshold(1).build()).start();
    bench.after(0, 1);
    assertEquals(3, bench.runs.get());
    assertEquals(List.of(), bench.recorder.told);
    assertEquals(
        List.of("Warning Unhealthy Liveness probe errored and resulted in unknown state:"
            + " the runtime provider x is not here"),
        bench.recorder.events);
  }

  @Test
  void aFailureIsNotTriedAgainAtOnce() {
    bench.liveness = Bench.FAIL;
    bench.liveness(Bench.exec("liveness").build()).start();
    bench.after(0, 1);
    assertEquals(1, bench.runs.get());
  }

  @Test
  void unknownDoesNotBreakARowOfFailures() {
    bench.liveness = Bench.FAIL;
    bench.liveness(Bench.exec("liveness").withPeriodSeconds(1).withFailureThreshold(2).build()).start();
    bench.after(0, 1);
    bench.liveness = exec -> {
      throw new IllegalStateException("a defect");
    };
    bench.after(1, 2);
    bench.liveness = Bench.FAIL;
    bench.after(1, 3);
    assertEquals(List.of("Container web failed liveness probe"), bench.recorder.told);
  }

  @Test
  void aTimeOutOfTheRuntimeIsAFailure() {
    bench.liveness = exec -> {
      throw ProviderFailure.outcomeUnknown(ProviderFailure.DEADLINE, "too long", null);
    };
    bench.liveness(Bench.exec("liveness").withFailureThreshold(1).withTimeoutSeconds(3).build()).start();
    bench.after(0, 1);
    assertEquals(List.of("Container web failed liveness probe"), bench.recorder.told);
    assertTrue(bench.recorder.events.getFirst().contains("timed out after 3s"), bench.recorder.events.getFirst());
  }

  @Test
  void aProbeThatHangsIsAFailureAndHoldsUpNobody() {
    CountDownLatch never = new CountDownLatch(1);
    bench.liveness = exec -> {
      // Heeds no interrupt, against its contract.
      while (true) {
        try {
          never.await();
          return Bench.PASS.run(exec);
        } catch (InterruptedException deaf) {
          continue;
        }
      }
    };
    bench
        .liveness(Bench.exec("liveness").withPeriodSeconds(5).withFailureThreshold(2).build())
        .readiness(Bench.exec("readiness").withPeriodSeconds(1).build())
        .start();
    bench.after(0, 1).after(1, 2).after(1, 3);
    assertTrue(bench.probes.ready());
    bench.after(1, 5);
    assertTrue(bench.recorder.attempts.contains("Liveness Failure"), bench.recorder.attempts.toString());
    // No second attempt is piled on the one that hangs.
    bench.after(2, 7);
    assertTrue(bench.recorder.attempts.contains("Liveness Unknown"), bench.recorder.attempts.toString());
    assertEquals(List.of("ready true"), bench.recorder.told);
    bench.close();
    never.countDown();
  }

  @Test
  void aSlowProbeIsNotMadeInRapidSuccession() {
    CountDownLatch slow = new CountDownLatch(1);
    bench.readiness = exec -> {
      try {
        slow.await();
      } catch (InterruptedException cancelled) {
        throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "cancelled", cancelled);
      }
      return Bench.PASS.run(exec);
    };
    bench.readiness(Bench.exec("readiness").withPeriodSeconds(1).withTimeoutSeconds(60).build()).start();
    Recorder.until(() -> bench.runs.get() == 1, "the attempt began");
    bench.after(Duration.ofMillis(5500), 0);
    slow.countDown();
    // One that was due meanwhile follows at once, the others are left out.
    bench.after(0, 2).after(Duration.ofMillis(400), 2).after(Duration.ofMillis(100), 3);
  }

  @Test
  void justAfterTheNodesStartProbesAreSpread() {
    bench.nodeStarted = 0;
    bench.random = 0.5;
    bench.clock.advance(Duration.ofSeconds(2));
    bench.readiness(Bench.exec("readiness").withPeriodSeconds(10).build()).start();
    bench.after(4, 0).after(1, 1);
  }

  @Test
  void laterTheFirstProbeIsMadeAtOnce() {
    bench.nodeStarted = 0;
    bench.random = 0.5;
    bench.clock.advance(Duration.ofSeconds(10));
    bench.readiness(Bench.exec("readiness").withPeriodSeconds(10).build()).start();
    bench.after(0, 1);
  }

  @Test
  void anAdoptedContainerKeepsItsReadiness() {
    bench.remembered = Optional.of(new ContainerProbes.Remembered(true, true));
    bench.runningFor = Duration.ofHours(1);
    bench.readiness = Bench.FAIL;
    bench
        .startup(Bench.exec("startup").build())
        .readiness(Bench.exec("readiness").withFailureThreshold(2).build())
        .start();
    assertTrue(bench.probes.started());
    assertTrue(bench.probes.ready());
    bench.after(0, 1);
    assertEquals(List.of(), bench.recorder.told);
    bench.after(10, 2);
    assertEquals(List.of("ready false"), bench.recorder.told);
    assertFalse(bench.recorder.attempts.contains("Startup Success"));
  }

  @Test
  void anAdoptedContainerThatWasStartingGoesOnStarting() {
    bench.remembered = Optional.of(new ContainerProbes.Remembered(false, false));
    bench.startup(Bench.exec("startup").withInitialDelaySeconds(1).build()).start();
    assertFalse(bench.probes.started());
    bench.after(1, 1);
    assertEquals(List.of("started true", "ready true"), bench.recorder.told);
  }

  @Test
  void whileThePodEndsReadinessAloneGoesOn() {
    bench.liveness = Bench.FAIL;
    bench
        .liveness(Bench.exec("liveness").withPeriodSeconds(1).withFailureThreshold(2).build())
        .readiness(Bench.exec("readiness").withPeriodSeconds(1).withFailureThreshold(1).build())
        .start();
    bench.after(0, 2);
    bench.probes.terminating();
    bench.clock.settle();
    bench.readiness = Bench.FAIL;
    bench.after(1, 3);
    assertEquals(List.of("ready true", "ready false"), bench.recorder.told);
  }

  @Test
  void aContainerThatWasStartingCountsAsStartedWhileThePodEnds() {
    bench.startup = Bench.FAIL;
    bench.startup(Bench.exec("startup").build()).readiness(Bench.exec("readiness").build()).start();
    bench.after(0, 1);
    bench.probes.terminating();
    bench.recorder.attempts(2);
    Recorder.until(() -> bench.recorder.told.size() == 2, "ready");
    assertEquals(List.of("started true", "ready true"), bench.recorder.told);
  }

  @Test
  void afterTheEndNothingIsToldAndNothingRuns() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    bench.readiness = exec -> {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException heeded) {
        cancelled.countDown();
      }
      return Bench.PASS.run(exec);
    };
    bench.readiness(Bench.exec("readiness").build()).start();
    begun.await();
    bench.probes.close();
    bench.probes.close();
    cancelled.await();
    assertEquals(List.of(), bench.recorder.told);
    assertEquals(List.of(), bench.recorder.events);
  }

  @Test
  void aListenerWithADefectDoesNotEndTheProbes() {
    bench.readiness(Bench.exec("readiness").withPeriodSeconds(1).build());
    ProbeListener broken = new ProbeListener() {
      @Override
      public void started(boolean started) {}

      @Override
      public void ready(boolean ready) {
        throw new IllegalStateException("a defect");
      }

      @Override
      public void unhealthy(ProbeKind kind, String message, Optional<Duration> grace) {}
    };
    bench.startWith(broken);
    Recorder.until(() -> bench.runs.get() == 1 && bench.probes.ready(), "the first attempt");
    bench.clock.advance(Duration.ofSeconds(1));
    Recorder.until(() -> bench.runs.get() == 2, "the second attempt");
  }
}

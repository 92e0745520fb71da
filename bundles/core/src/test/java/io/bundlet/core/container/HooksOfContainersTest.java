package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of hooks and of the grace's arithmetic, row by row. */
class HooksOfContainersTest {
  private static final ExecPart GOOD = (id, exec) -> result(0);

  @TempDir Path data;
  private OneContainer one;

  @AfterEach
  void close() throws Exception {
    one.close();
  }

  private static ExecResult result(int code) {
    return new ExecResult(code, "said".getBytes(), new byte[0]);
  }

  private static ContainerBuilder postStart() {
    return new ContainerBuilder()
        .withNewLifecycle().withNewPostStart().withNewExec().withCommand("set-up").endExec().endPostStart()
        .endLifecycle();
  }

  private static ContainerBuilder preStop() {
    return new ContainerBuilder()
        .withNewLifecycle().withNewPreStop().withNewExec().withCommand("tidy-up").endExec().endPreStop()
        .endLifecycle();
  }

  private static ContainerBuilder sleepBeforeStop(long seconds) {
    return new ContainerBuilder()
        .withNewLifecycle().withNewPreStop().withNewSleep(seconds).endPreStop().endLifecycle();
  }

  private static ExecPart blocking(CountDownLatch until) {
    return (id, exec) -> {
      try {
        until.await();
        return result(0);
      } catch (InterruptedException interrupted) {
        throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "interrupted", interrupted);
      }
    };
  }

  @Test
  void aContainerCountsAsRunningWhenItsPostStartIsDone() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    one = new OneContainer(data, postStart()).exec(blocking(done)).start();
    ContainerSnapshot meanwhile = one.awaitState("PostStart");
    assertEquals(ContainerSnapshot.Kind.WAITING, meanwhile.kind());
    assertEquals("ContainerCreating", meanwhile.reason());
    assertEquals(1, one.provider.count("start:c"));
    done.countDown();
    one.awaitRunning(0);
    assertTrue(one.record().instance().postStarted());
  }

  @Test
  void aPostStartThatFailsEndsTheContainerAndItIsMadeAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    one = new OneContainer(data, postStart()).exec((id, exec) -> result(calls.getAndIncrement() == 0 ? 3 : 0)).start();
    one.awaitRunning(1);
    assertEquals(1, one.provider.count("stop:c:30"));
    ContainerSnapshot waiting = one.await(known -> known.reason().equals("PostStartHookError"));
    assertEquals(ContainerSnapshot.Kind.WAITING, waiting.kind());
    assertTrue(waiting.message().contains("exit code 3"), waiting.message());
    assertTrue(waiting.lastExit().isPresent());
    assertTrue(one.event("FailedPostStartHook").orElseThrow().message().contains("exit code 3"));
    assertTrue(one.texts().contains("Normal Killing FailedPostStartHook"), one.texts().toString());
    assertEquals("spec.containers{c}", one.event("Killing").orElseThrow().fieldPath());
    // while it was being ended, it still did not count as running, and served nobody
    assertTrue(one.snapshots.stream().anyMatch(known -> known.state().equals("Stopping")));
    assertTrue(one.snapshots.stream().filter(known -> known.attempt() == 0).noneMatch(ContainerSnapshot::ready));
    assertTrue(one.snapshots.stream().filter(known -> known.state().equals("Stopping"))
        .allMatch(known -> known.kind() == ContainerSnapshot.Kind.WAITING));
  }

  @Test
  void aNeverContainerWhosePostStartFailsIsNotMadeAgain() throws Exception {
    one = new OneContainer(data, postStart()).exec((id, exec) -> result(1));
    one.policy = RestartPolicy.Never;
    one.start();
    one.awaitState("Done");
    assertEquals(1, one.provider.count("start:c"));
    assertTrue(one.snapshots.stream().noneMatch(known -> known.reason().equals("PostStartHookError")));
  }

  @Test
  void postStartIsNotDoneAgainAfterAnExchangeOfTheCore() throws Exception {
    one = new OneContainer(data, postStart()).exec(GOOD).start();
    one.awaitRunning(0);
    one.exchange();
    one.awaitRunning(0);
    assertEquals(1, one.commands.size());
  }

  @Test
  void postStartThatWasCutOffIsDoneOnceMore() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    one = new OneContainer(data, postStart()).exec(blocking(done)).start();
    one.awaitState("PostStart");
    one.await(() -> one.commands.size() == 1);
    one.exchange();
    one.await(() -> one.commands.size() == 2);
    done.countDown();
    one.awaitRunning(0);
  }

  @Test
  void aContainerThatEndsDuringItsPostStartHasEnded() throws Exception {
    one = new OneContainer(data, postStart()).exec(blocking(new CountDownLatch(1)));
    one.policy = RestartPolicy.Never;
    one.start();
    one.awaitState("PostStart");
    one.exit(7);
    assertEquals(7, one.awaitState("Done").exit().orElseThrow().code());
    assertEquals(0, one.provider.count("stop:c"));
  }

  @Test
  void aStopEndsAPostStartThatHangs() throws Exception {
    one = new OneContainer(data, postStart()).exec(blocking(new CountDownLatch(1))).start();
    one.awaitState("PostStart");
    one.stop(Duration.ofSeconds(20));
    one.awaitState("Done");
    assertEquals(1, one.provider.count("stop:c:20"));
  }

  @Test
  void preStopComesBeforeTheStop() throws Exception {
    one = new OneContainer(data, preStop());
    one.exec((id, exec) -> {
      one.provider.asked.add("hook:");
      return result(0);
    });
    one.start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(30));
    one.awaitState("Done");
    int hook = one.provider.asked.indexOf("hook:");
    assertTrue(hook >= 0 && hook < one.provider.asked.indexOf("stop:c:30"), one.provider.asked.toString());
    assertTrue(one.texts().contains("Normal Killing Stopping container c"), one.texts().toString());
  }

  /** What preStop used up goes off in whole seconds, and nobody gets less than two. */
  @ParameterizedTest
  @CsvSource({"30, 5000, 25", "30, 4700, 26", "30, 29500, 2", "3, 0, 3", "1, 0, 2"})
  void theTimeOfPreStopGoesOffTheGrace(int grace, int millis, int left) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    one = new OneContainer(data, preStop()).exec(blocking(done)).start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(grace));
    one.await(() -> one.commands.size() == 1);
    one.time.advance(Duration.ofMillis(millis));
    done.countDown();
    one.awaitState("Done");
    assertEquals(1, one.provider.count("stop:c:" + left), one.provider.asked.toString());
  }

  @Test
  void aPreStopThatHangsIsCutWhenTheGraceIsOver() throws Exception {
    one = new OneContainer(data, preStop()).exec(blocking(new CountDownLatch(1))).start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(10));
    one.await(() -> one.commands.size() == 1);
    one.time.advance(Duration.ofSeconds(10));
    one.awaitState("Done");
    assertEquals(1, one.provider.count("stop:c:2"));
    assertFalse(one.event("FailedPreStopHook").isPresent());
  }

  @Test
  void aShorterGraceReachesAPreStop() throws Exception {
    one = new OneContainer(data, sleepBeforeStop(100)).start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(200));
    one.await(() -> one.record().instance().preStopAt().isPresent());
    one.stop(Duration.ofSeconds(4));
    one.time.advance(Duration.ofSeconds(4));
    one.awaitState("Done");
    assertEquals(1, one.provider.count("stop:c:2"));
  }

  @Test
  void aPreStopThatFailsIsToldAndNothingElse() throws Exception {
    one = new OneContainer(data, preStop()).exec((id, exec) -> result(9)).start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(30));
    one.awaitState("Done");
    assertEquals(1, one.provider.count("stop:c:30"));
    assertTrue(one.event("FailedPreStopHook").orElseThrow().message().contains("exit code 9"));
  }

  @Test
  void aContainerThatEndsByItselfHasNoPreStop() throws Exception {
    one = new OneContainer(data, preStop()).exec(GOOD);
    one.policy = RestartPolicy.Never;
    one.start();
    one.awaitRunning(0);
    one.exit(0);
    one.awaitState("Done");
    assertTrue(one.commands.isEmpty());
  }

  @Test
  void anEndDuringPreStopEndsTheWait() throws Exception {
    one = new OneContainer(data, preStop()).exec(blocking(new CountDownLatch(1))).start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(30));
    one.await(() -> one.commands.size() == 1);
    one.exit(0);
    assertEquals(0, one.awaitState("Done").exit().orElseThrow().code());
  }

  @Test
  void preStopIsNotDoneTwiceOverAnExchangeOfTheCore() throws Exception {
    one = new OneContainer(data, preStop()).exec(blocking(new CountDownLatch(1))).start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(30));
    one.await(() -> one.commands.size() == 1);
    one.exchangeStopping(Duration.ofSeconds(12));
    one.awaitState("Done");
    assertEquals(1, one.commands.size());
    assertEquals(1, one.provider.count("stop:c:12"));
  }

  @Test
  void withoutAnyGraceThereIsNoPreStop() throws Exception {
    one = new OneContainer(data, preStop()).exec(GOOD).start();
    one.awaitRunning(0);
    one.stop(Duration.ZERO);
    one.awaitState("Done");
    assertTrue(one.commands.isEmpty());
    assertEquals(1, one.provider.count("stop:c:2"));
  }
}

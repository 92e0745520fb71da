package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.environment.ConfigError;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a container waits, in the words of Kubernetes' status. */
class WaitingReasonsTest {
  @TempDir Path data;
  private OneContainer one;

  @BeforeEach
  void make() throws Exception {
    one = new OneContainer(data, new ContainerBuilder());
  }

  @AfterEach
  void close() throws Exception {
    one.close();
  }

  private void failing(String call, ProviderFailure failure) {
    one.provider.failures.put(call, () -> failure);
  }

  @Test
  void whileNothingIsWrong() {
    one.start();
    one.awaitRunning(0);
    assertTrue(
        one.snapshots.stream().filter(known -> known.kind() == ContainerSnapshot.Kind.WAITING)
            .allMatch(known -> known.reason().equals("ContainerCreating")),
        one.snapshots.toString());
  }

  /** What the provider says at create, and what becomes of it. */
  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
      "Internal, -, CreateContainerError",
      "Exhausted, -, CreateContainerError",
      "Invalid, CreateContainerError, CreateContainerError",
      "Internal, PreCreateHookError, PreCreateHookError"})
  void creatingFails(String kind, String word, String shown) {
    ProviderFailure failure = ProviderFailure.of(kind, "no");
    failing("create", word == null ? failure : failure.withReason(word));
    one.start();
    ContainerSnapshot waiting = one.awaitReason(shown);
    assertEquals(ContainerSnapshot.Kind.WAITING, waiting.kind());
    assertEquals("no", waiting.message());
    one.awaitEvent("Warning Failed Error: no");
    one.provider.failures.clear();
    one.await(() -> one.time.awaited(Duration.ofMillis(500)));
    one.time.advance(Duration.ofMillis(500));
    one.awaitRunning(0);
  }

  /** As in Kubernetes, which never goes back to the word of a container with which nothing is wrong. */
  @ParameterizedTest
  @CsvSource({"create, CreateContainerError", "pull, ErrImagePull"})
  void whatWasWrongIsToldWhileItIsTriedAgain(String call, String shown) {
    one.pull = PullPolicy.Always;
    failing(call, ProviderFailure.of(ProviderFailure.INTERNAL, "no"));
    one.start();
    one.awaitReason(shown);
    one.provider.failures.clear();
    one.await(() -> {
      one.time.advance(Duration.ofMillis(50));
      LockSupport.parkNanos(2_000_000);
      return one.now().state().equals("Running");
    });
    assertTrue(
        one.snapshots.stream().dropWhile(known -> !known.reason().equals(shown))
            .noneMatch(known -> known.reason().equals("ContainerCreating")),
        one.snapshots.toString());
  }

  @Test
  void aCrashLoopIsToldUntilTheContainerRunsAgain() {
    one.start();
    one.awaitRunning(0);
    one.exit(1);
    one.awaitRunning(1);
    one.exit(1);
    one.awaitReason("CrashLoopBackOff");
    one.time.advance(Duration.ofSeconds(10));
    one.awaitRunning(2);
    List<ContainerSnapshot> since =
        one.snapshots.stream().dropWhile(known -> !known.reason().equals("CrashLoopBackOff")).toList();
    assertTrue(since.stream().noneMatch(known -> known.reason().equals("ContainerCreating")), since.toString());
    assertTrue(
        since.stream().filter(known -> known.kind() == ContainerSnapshot.Kind.WAITING)
            .allMatch(known -> known.attempt() == 1), since.toString());
  }

  /** A module that can never run here has ended, as with runtimes that find it out at the start. */
  @Test
  void whatCanNeverRunHasEnded() {
    one.policy = RestartPolicy.Never;
    failing("create", ProviderFailure.of(ProviderFailure.INVALID, "module has no _start"));
    one.start();
    ContainerSnapshot done = one.awaitState("Done");
    assertEquals(128, done.exit().orElseThrow().code());
    assertEquals("ContainerCannotRun", done.exit().orElseThrow().reason());
  }

  @Test
  void theStartFails() {
    failing("start", ProviderFailure.of(ProviderFailure.INTERNAL, "no such file"));
    one.start();
    ContainerSnapshot waiting = one.awaitReason("RunContainerError");
    assertEquals("no such file", waiting.message());
    assertTrue(
        one.snapshots.stream().noneMatch(known -> known.kind() == ContainerSnapshot.Kind.TERMINATED),
        one.snapshots.toString());
    assertEquals("StartError", waiting.lastExit().orElseThrow().reason());
    assertEquals(128, waiting.lastExit().orElseThrow().code());
    one.awaitReason("CrashLoopBackOff");
  }

  @Test
  void whatItRefersToIsMissing() {
    AtomicBoolean there = new AtomicBoolean();
    ContainerPlan.Resolver before = one.resolver;
    one.resolver =
        new ContainerPlan.Resolver() {
          @Override
          public io.bundlet.api.runtime.ContainerConfig resolve(int attempt, io.bundlet.api.image.ImageRef image)
              throws ProviderFailure {
            if (!there.get()) {
              throw ProviderFailure.of(ProviderFailure.INVALID, "configmap \"x\" not found")
                  .withReason(ConfigError.REASON);
            }
            return before.resolve(attempt, image);
          }

          @Override
          public long changes() {
            return there.get() ? 1 : 0;
          }
        };
    one.start();
    assertEquals("configmap \"x\" not found", one.awaitReason("CreateContainerConfigError").message());
    there.set(true);
    one.nudge();
    one.awaitRunning(0);
  }

  @Test
  void theImageIsNotThereAndMustNotBePulled() {
    one.pull = PullPolicy.Never;
    one.provider.images.clear();
    one.start();
    ContainerSnapshot waiting = one.awaitReason("ErrImageNeverPull");
    assertTrue(
        waiting.message().startsWith("Container image \"img\" is not present with pull policy of Never"),
        waiting.message());
    one.await(() -> one.event("ErrImageNeverPull").isPresent());
    one.provider.images.add("img");
    one.await(() -> one.time.awaited(Duration.ofMillis(500)));
    one.time.advance(Duration.ofMillis(500));
    one.awaitRunning(0);
    assertEquals(0, one.provider.count("pull"));
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"-, ErrImagePull", "RegistryUnavailable, RegistryUnavailable",
      "SignatureValidationFailed, SignatureValidationFailed"})
  void aPullFails(String word, String shown) {
    one.provider.images.clear();
    ProviderFailure failure = ProviderFailure.of(ProviderFailure.NOT_FOUND, "no such image");
    failing("pull", word == null ? failure : failure.withReason(word));
    one.start();
    assertEquals("no such image", one.awaitReason(shown).message());
    one.await(() -> one.time.awaited(Duration.ofSeconds(2)));
    one.time.advance(Duration.ofSeconds(2));
    assertEquals(
        "Back-off pulling image \"img\": " + shown + ": no such image", one.awaitReason("ImagePullBackOff").message());
    one.awaitEvent("Warning Failed Failed to pull image \"img\": no such image");
    one.awaitEvent("Normal BackOff Back-off pulling image \"img\"");
  }

  @Test
  void pullsAreBackedOffTenSecondsDoublingToFiveMinutes() {
    one.provider.images.clear();
    failing("pull", ProviderFailure.of(ProviderFailure.NOT_FOUND, "no such image"));
    one.start();
    int[] waits = {10, 20, 40, 80, 160, 300, 300};
    for (int round = 0; round < waits.length; round++) {
      int pulls = round + 1;
      Duration wait = Duration.ofSeconds(waits[round]);
      one.await(() -> one.provider.count("pull") == pulls && one.time.awaited(Duration.ofSeconds(2)));
      one.time.advance(Duration.ofSeconds(2));
      one.await(() -> one.time.awaited(wait.minusSeconds(2)));
      one.time.advance(wait.minusSeconds(2).minusMillis(1));
      assertEquals(pulls, one.provider.count("pull"));
      one.time.advance(Duration.ofMillis(1));
    }
    one.await(() -> one.provider.count("pull") == waits.length + 1);
  }

  @ParameterizedTest
  @CsvSource({"Always, 1", "IfNotPresent, 0"})
  void thePullPolicyCountsForEachStart(PullPolicy policy, int pulls) {
    one.pull = policy;
    one.start();
    one.awaitRunning(0);
    one.exit(1);
    one.awaitRunning(1);
    assertEquals(pulls * 2, one.provider.count("pull"));
    one.awaitEvent(
        pulls > 0 ? "Normal Pulled Successfully pulled image \"img\" in 0.000 s, 0.000 s with the wait for other pulls;"
            + " it has 1 bytes"
        : "Normal Pulled Container image \"img\" already present on machine");
    one.awaitEvent("Normal Created Created container: c");
    one.awaitEvent("Normal Started Started container c");
  }

  @Test
  void aCrashLoopIsToldWithItsWait() {
    one.start();
    one.awaitRunning(0);
    one.exit(1);
    one.awaitRunning(1);
    one.exit(1);
    ContainerSnapshot waiting = one.awaitState("CrashLoopBackOff");
    assertEquals("back-off 10s restarting failed container=c pod=web_default(u1)", waiting.message());
    assertEquals(1, waiting.attempt());
    assertEquals(1, waiting.lastExit().orElseThrow().code());
    one.awaitEvent("Warning BackOff Back-off restarting failed container c in pod web_default(u1)");
  }

  @Test
  void aContainerThatVanishedWhileItRanIsMadeAgainAtOnce() throws Exception {
    one.start();
    one.awaitRunning(0);
    one.provider.crash();
    one.exchange();
    one.awaitRunning(1);
    Exit last = one.now().lastExit().orElseThrow();
    assertEquals(137, last.code());
    assertEquals(Exit.CONTAINER_STATUS_UNKNOWN, last.reason());
    assertEquals(
        "The container could not be located when the pod was deleted.  The container used to be Running",
        last.message());
  }

  @Test
  void aContainerThatVanishedWhileItsPodEndsIsTold() throws Exception {
    one.provider.stopsAtOnce = false;
    one.start();
    one.awaitRunning(0);
    one.stop(Duration.ofSeconds(30));
    one.await(() -> one.provider.count("stop:c") == 1);
    one.provider.crash();
    one.exchangeStopping(Duration.ofSeconds(30));
    Exit exit = one.awaitState("Done").exit().orElseThrow();
    assertEquals("The container could not be located when the pod was terminated", exit.message());
  }

  @Test
  void nobodyIsSeenToRunWithoutSinceWhen() {
    one.start();
    one.awaitRunning(0);
    one.await(() -> one.record().startedAt().isPresent());
    assertTrue(
        one.snapshots.stream().filter(known -> known.kind() == ContainerSnapshot.Kind.RUNNING)
            .allMatch(known -> known.startedAt().equals(one.record().startedAt())),
        one.snapshots::toString);
  }
}

package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.image.PullSlots;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an image is asked for. */
class ImagePullingTest {
  private static final ProviderFailure REFUSED =
      ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the registry answers 401");

  @TempDir Path data;
  private OneContainer one;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private volatile List<RegistryCredentials> credentials = List.of();

  @BeforeEach
  void begin() throws Exception {
    one = new OneContainer(data, new ContainerBuilder());
    one.provider.images.clear();
    ContainerPlan.Resolver before = one.resolver;
    one.resolver =
        new ContainerPlan.Resolver() {
          @Override
          public ContainerConfig resolve(int attempt, ImageRef image) throws ProviderFailure {
            return before.resolve(attempt, image);
          }

          @Override
          public List<RegistryCredentials> credentials(String image) throws ProviderFailure {
            assertEquals("img", image);
            if (credentials == null) {
              throw ProviderFailure.of(ProviderFailure.INVALID, "the content of secret \"a/b\" is not JSON");
            }
            return credentials;
          }
        };
  }

  @AfterEach
  void end() throws Exception {
    one.close();
  }

  private void credentials(String... passwords) {
    credentials = List.of(passwords).stream().map(each -> new RegistryCredentials("u", each)).toList();
  }

  private List<String> asked() {
    return one.provider.pulls.stream().map(PullRequest::credentials)
        .map(each -> each.map(RegistryCredentials::password).orElse("nobody")).toList();
  }

  @Test
  void eachIsTriedUntilOneGetsIt() {
    credentials("a", "b", "c");
    Deque<Optional<ProviderFailure>> answers = new ArrayDeque<>(List.of(Optional.of(REFUSED), Optional.empty()));
    one.provider.failures.put("pull", () -> answers.remove().orElse(null));
    one.start();
    one.awaitRunning(0);
    assertEquals(List.of("a", "b"), asked());
    assertTrue(one.texts().stream().noneMatch(text -> text.contains("Failed")), one.texts()::toString);
  }

  @Test
  void withoutAnyItIsAskedForAsAnybody() {
    one.start();
    one.awaitRunning(0);
    assertEquals(List.of("nobody"), asked());
  }

  @Test
  void nobodyGetsIt() {
    credentials("a", "b", "c");
    Deque<String> answers = new ArrayDeque<>(List.of("401", "401", "not found"));
    one.provider.failures.put(
        "pull", () -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the registry says " + answers.remove()));
    one.start();
    assertEquals(
        "the registry says 401; the registry says not found", one.awaitReason("ErrImagePull").message());
    assertEquals(List.of("a", "b", "c"), asked());
  }

  @Test
  void whoseOutcomeIsNotKnownIsNotFollowedByAnother() {
    credentials("a", "b");
    one.provider.failures.put(
        "pull", () -> ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the runtime went away", null));
    one.start();
    one.awaitReason("ContainerCreating");
    one.await(() -> one.now().state().equals("ImagePullBackOff"));
    assertEquals(List.of("a"), asked());
  }

  @Test
  void credentialsThatCannotBeRead() {
    credentials = null;
    one.start();
    assertEquals("the content of secret \"a/b\" is not JSON", one.awaitReason("ErrImagePull").message());
    assertEquals(List.of(), asked());
  }

  @Test
  void itWaitsForItsTurn() {
    one.pullsAtATime.set(1);
    PullSlots.Turn other = one.services.images().slots().stand("scripted", () -> {});
    one.start();
    one.awaitEvent("Normal Pulling Pulling image \"img\"");
    one.awaitState("ImagePulling");
    one.time.advance(Duration.ofSeconds(90));
    assertEquals(List.of(), asked());
    other.close();
    one.awaitRunning(0);
    one.awaitEvent(
        "Normal Pulled Successfully pulled image \"img\" in 0.000 s, 90.000 s with the wait for other pulls");
    assertTrue(one.services.images().slots().stand("scripted", () -> {}).granted(), "its turn is over");
  }

  /** The first pull does not end until it is cancelled. */
  private void hangs() {
    AtomicBoolean first = new AtomicBoolean(true);
    one.provider.failures.put("pull", () -> {
      if (!first.getAndSet(false)) {
        return null;
      }
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupt) {
        cancelled.set(true);
      }
      return ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "interrupted", null);
    });
  }

  @Test
  void oneThatHangsIsGivenUpAndLetsTheNextOneThrough() {
    one.pullsAtATime.set(1);
    one.pullLimit = Duration.ofMinutes(10);
    credentials("a", "b");
    hangs();
    one.start();
    one.await(() -> asked().size() == 1 && one.time.awaited(one.pullLimit));
    AtomicBoolean granted = new AtomicBoolean();
    PullSlots.Turn next = one.services.images().slots().stand("scripted", () -> granted.set(true));
    assertFalse(next.granted());
    one.time.advance(one.pullLimit);
    one.await(granted::get);
    one.await(cancelled::get);
    String message = one.awaitReason("ErrImagePull").message();
    assertTrue(message.contains("\"img\" was not here after 600 s"), message);
    assertEquals(List.of("a"), asked(), "another one would hang as well");
    next.close();
    one.awaitState("ImagePullBackOff");
    one.time.advance(Duration.ofSeconds(10));
    one.awaitRunning(0);
  }

  @Test
  void oneThatHangsEndsWithItsPod() {
    one.pullsAtATime.set(1);
    hangs();
    one.start();
    one.await(() -> asked().size() == 1);
    AtomicBoolean granted = new AtomicBoolean();
    PullSlots.Turn next = one.services.images().slots().stand("scripted", () -> granted.set(true));
    one.stop(Duration.ofSeconds(30));
    one.awaitState("Done");
    one.await(cancelled::get);
    one.await(granted::get);
    assertTrue(next.granted());
  }

  @Test
  void whoIsStoppedLeavesTheLine() {
    one.pullsAtATime.set(1);
    PullSlots.Turn other = one.services.images().slots().stand("scripted", () -> {});
    one.start();
    one.awaitEvent("Normal Pulling Pulling image \"img\"");
    one.stop(Duration.ofSeconds(1));
    one.awaitState("Done");
    AtomicBoolean granted = new AtomicBoolean();
    PullSlots.Turn next = one.services.images().slots().stand("scripted", () -> granted.set(true));
    other.close();
    one.await(granted::get);
    assertTrue(next.granted());
    assertEquals(List.of(), asked());
  }

  /** As by the Kubernetes kubelet; where there is none, by its id. */
  @Test
  void theImageIsToldByItsDigest() throws Exception {
    one.provider.images.add("img");
    one.provider.digests.put("img", "r.example/img@sha256:00");
    one.start();
    one.awaitRunning(0);
    assertEquals("r.example/img@sha256:00", one.now().imageId());
    assertEquals("id-img", one.record().imageId());
    one.exchange();
    one.awaitRunning(0);
    assertTrue(
        one.snapshots.stream().allMatch(known -> known.imageId().equals("r.example/img@sha256:00")),
        one.snapshots::toString);
    one.provider.digests.clear();
    one.exit(0);
    one.awaitRunning(1);
    assertEquals("id-img", one.now().imageId());
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"-, web, Always", "-, web:latest, Always", "-, web:1, IfNotPresent",
      "'', web:1, IfNotPresent", "Never, web, Never", "IfNotPresent, web, IfNotPresent"})
  void whatIsNotSaidFollowsFromTheTag(String written, String image, PullPolicy policy) {
    assertEquals(policy, PullPolicy.of(written, image));
  }
}

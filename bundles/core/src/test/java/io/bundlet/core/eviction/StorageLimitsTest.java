package io.bundlet.core.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.usage.ContainerUse;
import io.bundlet.core.usage.DiskUse;
import io.bundlet.core.usage.PodUse;
import io.bundlet.core.usage.VolumeUse;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StorageLimitsTest {
  private static final long MI = 1L << 20;

  private static Pod pod() {
    return TestNode.pod("web", "u1", "Always", "a", "b");
  }

  private static Pod withVolume(String limit) {
    Pod pod = pod();
    pod.getSpec().setVolumes(
        List.of(
            new VolumeBuilder().withName("cache").withNewEmptyDir()
                .withSizeLimit(limit == null ? null : new Quantity(limit)).endEmptyDir().build()));
    return pod;
  }

  private static Pod limited(Pod pod, int container, String limit) {
    pod.getSpec().getContainers().get(container)
        .setResources(new ResourceRequirementsBuilder().addToLimits("ephemeral-storage", new Quantity(limit)).build());
    return pod;
  }

  private static PodUse volume(long bytes, boolean onDisk, boolean unmeasurable) {
    return new PodUse(
        Map.of(),
        Optional.of(
            new DiskUse(
                Map.of("cache", new VolumeUse(bytes, 1, 0, onDisk, unmeasurable)), Map.of("a", 2 * MI), 1)));
  }

  private static PodUse written(long bytes) {
    return new PodUse(
        Map.of(
            "a",
            new ContainerUse(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(bytes), OptionalLong.of(1))),
        Optional.of(new DiskUse(Map.of(), Map.of("a", 2 * MI), 1)));
  }

  @Test
  void aVolumeMayTakeAllOfItsLimitAndNoMore() {
    assertEquals(Optional.empty(), StorageLimits.exceeded(withVolume("1024Ki"), volume(MI, true, false)));
    assertEquals(
        Optional.of("Usage of EmptyDir volume \"cache\" exceeds the limit \"1Mi\". "),
        StorageLimits.exceeded(withVolume("1024Ki"), volume(MI + 1, true, false)));
    assertEquals(
        Optional.of("Usage of EmptyDir volume \"cache\" exceeds the limit \"1M\". "),
        StorageLimits.exceeded(withVolume("1M"), volume(MI, true, false)));
    assertEquals(Optional.empty(), StorageLimits.exceeded(withVolume(null), volume(1L << 50, true, false)));
    assertEquals(Optional.empty(), StorageLimits.exceeded(withVolume("0"), volume(1L << 50, true, false)));
    assertEquals(Optional.empty(), StorageLimits.exceeded(withVolume("1Mi"), new PodUse(Map.of(), Optional.empty())));
  }

  @Test
  void whatCannotBeMeasuredIsMoreThanAnyLimitAndNoMoreThanNone() {
    assertEquals(
        Optional.of("Usage of EmptyDir volume \"cache\" exceeds the limit \"1Ti\". "),
        StorageLimits.exceeded(withVolume("1Ti"), volume(0, true, true)));
    assertEquals(Optional.empty(), StorageLimits.exceeded(withVolume(null), volume(0, true, true)));
    assertEquals(
        Optional.of("Pod ephemeral local storage usage exceeds the total limit of containers 1Ti. "),
        StorageLimits.exceeded(limited(withVolume(null), 1, "1Ti"), volume(0, true, true)));
  }

  @Test
  void allOfAPodCountsForTheLimitsOfAllContainersButNotWhatIsInMemory() {
    Pod pod = limited(limited(withVolume(null), 0, "6Mi"), 1, "4Mi");
    assertEquals(Optional.empty(), StorageLimits.exceeded(pod, volume(8 * MI, true, false)));
    assertEquals(
        Optional.of("Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. "),
        StorageLimits.exceeded(pod, volume(8 * MI + 1, true, false)));
    assertEquals(Optional.empty(), StorageLimits.exceeded(pod, volume(1L << 40, false, false)));
  }

  @Test
  void aContainersLogAndWhatItWritesCountForItsOwnLimit() {
    Pod pod = limited(limited(pod(), 0, "5Mi"), 1, "100Mi");
    assertEquals(Optional.empty(), StorageLimits.exceeded(pod, written(3 * MI)));
    assertEquals(
        Optional.of("Container a exceeded its local ephemeral storage limit \"5Mi\". "),
        StorageLimits.exceeded(pod, written(3 * MI + 1)));
  }

  @Test
  void whoTakesTooMuchIsEndedOnceAndBeforeAnybodyElse() {
    ManualTime time = new ManualTime();
    List<Pod> active = new ArrayList<>();
    Map<String, PodUse> uses = new HashMap<>();
    List<String> evicted = new ArrayList<>();
    EvictionManager manager =
        new EvictionManager(
            time, Map::of, List::of, new PressureConditions(time, () -> Duration.ZERO), () -> false,
            new EvictionManager.Pods() {
              @Override
              public List<Pod> active() {
                return active;
              }

              @Override
              public Optional<PodUse> use(String uid) {
                return Optional.ofNullable(uses.get(uid));
              }

              @Override
              public void evict(String uid, String message) {
                evicted.add(uid);
              }
            });
    Pod fromFile = withVolume("1Mi");
    fromFile.getMetadata().setAnnotations(Map.of("kubernetes.io/config.source", "file"));
    Pod system = withVolume("1Mi");
    system.getMetadata().setUid("system");
    system.getSpec().setPriority(2_000_001_000);
    Pod modest = withVolume("3Mi");
    modest.getMetadata().setUid("modest");
    active.addAll(List.of(fromFile, system, modest));
    active.forEach(pod -> uses.put(pod.getMetadata().getUid(), volume(2 * MI, true, false)));
    manager.look();
    manager.look();
    assertEquals(List.of("u1"), evicted);
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.volume.VolumeDrivers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the pod's volumes are on the host. A pod that starts mounts all of them first; one that is adopted mounts them
 * again beside its running containers, which need it for nothing but their next start. Containers only look up.
 */
final class PodVolumes {
  static final String FAILED_MOUNT = "FailedMount";
  static final String FAILED_UNMOUNT = "FailedUnmount";

  /** How long the end of a pod waits for drivers that are away; then their volumes are left to be unmounted later. */
  private static final Duration DRIVER_LIMIT = Duration.ofMinutes(2);

  private final PodContext pod;
  private final Map<String, Path> mounted = new ConcurrentHashMap<>();
  private Optional<Long> giveUpNanos = Optional.empty();

  PodVolumes(PodContext pod) {
    this.pod = pod;
  }

  private List<Map<String, Object>> all() {
    return Volumes.of(pod.record());
  }

  /** Whether all have been mounted since the core was started. */
  boolean complete() {
    return all().stream().allMatch(volume -> mounted.containsKey(Volumes.name(volume)));
  }

  /** Where this volume is. @throws ProviderFailure while it is not mounted */
  Path where(String name) throws ProviderFailure {
    Path path = mounted.get(name);
    if (path == null) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "volume " + name + " is not mounted yet")
          .withReason(FAILED_MOUNT);
    }
    return path;
  }

  /** What keeps them from being mounted, for people. */
  Optional<String> missingDriver() {
    return all().stream()
        .filter(volume -> !pod.node().volumes().has(Volumes.kind(volume)))
        .map(volume -> VolumeDrivers.noDriver(Volumes.kind(volume), Volumes.name(volume)))
        .findFirst();
  }

  /** Mounts what is not mounted yet; blocks in drivers. @return whether nothing was left to do */
  boolean mountMissing() throws ProviderFailure {
    for (Map<String, Object> volume : all()) {
      String name = Volumes.name(volume);
      if (!mounted.containsKey(name)) {
        VolumeRequest request = new VolumeRequest(id(name), Volumes.source(volume));
        mounted.put(name, pod.node().volumes().mount(Volumes.kind(volume), request).hostPath());
      }
    }
    return true;
  }

  private VolumeId id(String name) {
    return new VolumeId(pod.plan().id(), name);
  }

  /** Gives all up, for a pod that is being ended; those whose drivers stay away are left to be unmounted later. */
  void unmount() throws ProviderFailure, InterruptedException {
    for (Map<String, Object> volume : all()) {
      String name = Volumes.name(volume);
      String kind = Volumes.kind(volume);
      if (driverComes(kind, name)) {
        ChildCall.Work<Boolean> work =
            () -> {
              pod.node().volumes().unmount(kind, id(name));
              return true;
            };
        pod.childThrough("unmount-" + name, work, FAILED_UNMOUNT, "volume " + name + " is being unmounted");
      } else {
        pod.node().leftVolumes().leave(kind, id(name));
      }
      mounted.remove(name);
    }
  }

  private boolean driverComes(String kind, String name) throws InterruptedException {
    VolumeDrivers drivers = pod.node().volumes();
    // A pod that never had a sandbox has put nothing to use: nothing is worth waiting for.
    if (drivers.has(kind) || pod.record().sandboxAttempt() < 0) {
      return drivers.has(kind);
    }
    if (giveUpNanos.isEmpty()) {
      giveUpNanos = Optional.of(pod.node().time().after(DRIVER_LIMIT));
    }
    pod.reporter().heldUp(
        FAILED_UNMOUNT,
        VolumeDrivers.noDriver(kind, name) + "; after " + DRIVER_LIMIT.toSeconds()
            + " s the pod goes without, and the volume is unmounted when its driver comes");
    boolean here = pod.inbox().await(() -> drivers.has(kind), giveUpNanos.get());
    pod.reporter().heldUp("", "");
    return here;
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.core.environment.Expansion;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.objects.HeardObjects;
import io.bundlet.core.usage.VolumeUse;
import io.bundlet.core.volume.PodDirectories;
import io.bundlet.core.volume.SubPaths;
import io.bundlet.core.volume.VolumeDrivers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

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
  private final Map<String, Mounted> mounted = new ConcurrentHashMap<>();
  private final HeardObjects objects;
  private final SubPaths subPaths;
  private volatile boolean objectsChanged;
  private Optional<Long> giveUpNanos = Optional.empty();

  PodVolumes(PodContext pod) {
    this.pod = pod;
    this.subPaths = new SubPaths(pod.node().directories());
    this.objects = new HeardObjects(pod.node().objects().of(pod.record().source()), this::objectChanged);
  }

  private void objectChanged() {
    objectsChanged = true;
    pod.inbox().nudge();
  }

  /** Whether an object that a volume was made from, or lacked, has changed since the volumes were mounted last. */
  boolean objectsChanged() {
    return objectsChanged;
  }

  /** Those that a container mounts; the others are none of the pod's business, as in Kubernetes. */
  private List<Map<String, Object>> all() {
    Set<String> wanted = pod.plan().mountedVolumes();
    return Volumes.of(pod.record()).stream().filter(volume -> wanted.contains(Volumes.name(volume))).toList();
  }

  /** Whether all have been mounted since the core was started. */
  boolean complete() {
    return all().stream().allMatch(volume -> mounted.containsKey(Volumes.name(volume)));
  }

  /**
   * What a container is shown of a volume; blocks for a part of one, which is mounted.
   *
   * @param index the number of the mount in the container
   * @param env the container's whole environment
   * @throws ProviderFailure while the volume is not mounted, or when the part cannot be shown
   */
  Mount mount(Container container, int index, VolumeMount mount, Map<String, String> env) throws ProviderFailure {
    Mounted volume = where(mount.getName());
    String field = "container " + container.getName() + ": volumeMounts[" + index + "]";
    String subPath =
        mount.getSubPathExpr() == null || mount.getSubPathExpr().isEmpty()
            ? Objects.toString(mount.getSubPath(), "")
            : Expansion.strict(mount.getSubPathExpr(), env, field + ".subPathExpr");
    Path shown =
        subPath.isEmpty()
            ? volume.hostPath()
            : subPaths.show(id(mount.getName()), volume.hostPath(), subPath, container.getName(), index);
    return new Mount(
        mount.getMountPath(), shown, volume.readOnly() || Boolean.TRUE.equals(mount.getReadOnly()),
        Objects.toString(mount.getRecursiveReadOnly(), Mount.DISABLED),
        Objects.toString(mount.getMountPropagation(), Mount.PRIVATE));
  }

  private Mounted where(String name) throws ProviderFailure {
    Mounted volume = mounted.get(name);
    if (volume == null) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "volume " + name + " is not mounted yet")
          .withReason(FAILED_MOUNT);
    }
    return volume;
  }

  /** What keeps them from being mounted, for people. */
  Optional<String> missingDriver() {
    return all().stream()
        .filter(volume -> !pod.node().volumes().has(Volumes.kind(volume)))
        .map(volume -> VolumeDrivers.noDriver(Volumes.kind(volume), Volumes.name(volume)))
        .findFirst();
  }

  /**
   * Mounts what is not mounted yet, and again what an object has changed for meanwhile, so that no container starts
   * with less than is there; blocks in drivers.
   *
   * @return whether nothing was left to do
   */
  boolean mountMissing() throws ProviderFailure {
    boolean changed = objectsChanged;
    objectsChanged = false;
    for (Map<String, Object> volume : all()) {
      boolean again = changed && pod.node().volumes().refreshes(Volumes.kind(volume));
      if (again || !mounted.containsKey(Volumes.name(volume))) {
        mount(volume);
      }
    }
    return true;
  }

  private void mount(Map<String, Object> volume) throws ProviderFailure {
    VolumeDrivers drivers = pod.node().volumes();
    String kind = Volumes.kind(volume);
    VolumeId id = id(Volumes.name(volume));
    VolumePlace place = pod.node().directories().place(drivers.plugin(kind, id), id);
    try {
      pod.node().directories().make(id.pod().uid());
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "volume " + id.name() + ": the pod's directory cannot be made: " + failed,
              failed);
    }
    mounted.put(id.name(), drivers.mount(kind, request(place, volume), objects));
  }

  private VolumeRequest request(VolumePlace place, Map<String, Object> volume) throws ProviderFailure {
    return VolumeRequests.of(
        pod.plan().pod(), place, Volumes.source(volume), pod.node().identity().get().allocatable());
  }

  /** What the volumes take that are mounted and whose drivers can tell; blocks in drivers. @param untold what failed */
  Map<String, VolumeUse> use(BiConsumer<String, ProviderFailure> untold) {
    Map<String, VolumeUse> use = new HashMap<>();
    for (Map<String, Object> volume : all()) {
      String name = Volumes.name(volume);
      if (!mounted.containsKey(name) || Thread.currentThread().isInterrupted()) {
        continue;
      }
      try {
        VolumeDrivers drivers = pod.node().volumes();
        String kind = Volumes.kind(volume);
        VolumePlace place = pod.node().directories().place(drivers.plugin(kind, id(name)), id(name));
        drivers.use(kind, request(place, volume)).ifPresent(known -> use.put(name, known));
      } catch (ProviderFailure failure) {
        untold.accept(name, failure);
      }
    }
    return use;
  }

  /** Whether a volume is worth mounting again while containers use it. */
  boolean refreshes() {
    return all().stream().anyMatch(volume -> pod.node().volumes().refreshes(Volumes.kind(volume)));
  }

  /** Mounts again what follows objects; blocks in drivers. @throws ProviderFailure the first, after all were tried */
  boolean refresh() throws ProviderFailure {
    objectsChanged = false;
    ProviderFailure first = null;
    for (Map<String, Object> volume : all()) {
      try {
        if (pod.node().volumes().refreshes(Volumes.kind(volume))) {
          mount(volume);
        }
      } catch (ProviderFailure failure) {
        first = first == null ? failure : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return true;
  }

  private VolumeId id(String name) {
    return new VolumeId(pod.plan().id(), name);
  }

  /** Gives all up, for a pod that is being ended; those whose drivers stay away are left to be unmounted later. */
  void unmount() throws ProviderFailure, InterruptedException {
    objects.close();
    String uid = pod.plan().id().uid();
    PodDirectories directories = pod.node().directories();
    onDisk(() -> directories.removeSubPaths(uid));
    List<Map<String, Object>> wanted = all();
    for (Map<String, Object> volume : Volumes.of(pod.record())) {
      String name = Volumes.name(volume);
      String kind = Volumes.kind(volume);
      if (!wanted.contains(volume) && !pod.node().volumes().has(kind)) {
        continue;
      }
      if (driverComes(kind, name)) {
        ChildCall.Work<Boolean> work =
            () -> {
              VolumeDrivers drivers = pod.node().volumes();
              drivers.unmount(kind, directories.place(drivers.plugin(kind, id(name)), id(name)));
              return true;
            };
        pod.childThrough("unmount-" + name, work, FAILED_UNMOUNT, "volume " + name + " is being unmounted");
      } else {
        pod.node().leftVolumes().leave(kind, id(name));
      }
      mounted.remove(name);
    }
    onDisk(() -> directories.remove(uid));
  }

  /** Something that is done to the pod's own directory. */
  private interface DiskWork {
    void run() throws IOException;
  }

  private void onDisk(DiskWork work) throws ProviderFailure {
    try {
      work.run();
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the pod's directory cannot be removed: " + failed.getMessage(), failed)
          .withReason(FAILED_UNMOUNT);
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

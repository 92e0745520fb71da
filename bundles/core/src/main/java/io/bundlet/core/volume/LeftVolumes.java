package io.bundlet.core.volume;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.store.NodeRecord.LeftVolume;
import io.bundlet.core.store.StateStore;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes of pods that are gone whose driver was away: remembered, and unmounted by a thread of its own when the driver
 * is back. At most {@value #MOST} are remembered; then the oldest is dropped.
 */
public final class LeftVolumes extends Inbox {
  static final int MOST = 256;
  private static final Logger LOG = LoggerFactory.getLogger(LeftVolumes.class);
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  private final StateStore store;
  private final VolumeDrivers drivers;
  private final PodDirectories directories;
  private final NodeTime time;
  private final Thread thread;

  public LeftVolumes(StateStore store, VolumeDrivers drivers, PodDirectories directories, NodeTime time) {
    super(time);
    this.store = store;
    this.drivers = drivers;
    this.directories = directories;
    this.time = time;
    this.thread = Thread.ofVirtual().name("bundlet-left-volumes").unstarted(this::run);
  }

  /** Starts to unmount. */
  public void begin() {
    thread.start();
  }

  /** This volume is to be unmounted when its driver is back; that is on disk when the call returns. */
  public void leave(String kind, VolumeId volume) throws ProviderFailure, InterruptedException {
    PodId pod = volume.pod();
    LeftVolume left = new LeftVolume(kind, pod.namespace(), pod.name(), pod.uid(), volume.name());
    LOG.warn("volume {} of pod {} is left mounted: there is no driver for volumes of kind {}; it is unmounted when"
        + " one comes",
        volume.name(), pod, kind);
    try {
      store.changeNode(node -> node.withLeftVolumes(with(node.leftVolumes(), left))).await();
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the node's state cannot be saved: " + failed.getMessage(), failed);
    }
    nudge();
  }

  private static List<LeftVolume> with(List<LeftVolume> all, LeftVolume left) {
    List<LeftVolume> more = new ArrayList<>(all);
    more.remove(left);
    more.add(left);
    if (more.size() > MOST) {
      LOG.warn("more than {} volumes wait for their drivers; this one is not remembered any more: {}", MOST,
          more.removeFirst());
    }
    return more;
  }

  private void run() {
    int failures = 0;
    try {
      while (true) {
        await(() -> next().isPresent(), FOREVER);
        failures = unmount(next()) ? 0 : failures + 1;
        if (failures > 0) {
          await(() -> false, time.after(BackOff.RETRY.wait(failures)));
        }
      }
    } catch (InterruptedException ended) {
      LOG.debug("volumes that are left stay until the next start");
    }
  }

  private Optional<LeftVolume> next() {
    return store.node().leftVolumes().stream().filter(left -> drivers.has(left.kind())).findFirst();
  }

  private boolean unmount(Optional<LeftVolume> found) throws InterruptedException {
    if (found.isEmpty()) {
      return true;
    }
    LeftVolume left = found.get();
    try {
      VolumeId volume = new VolumeId(new PodId(left.namespace(), left.pod(), left.uid()), left.name());
      drivers.unmount(left.kind(), directories.place(drivers.plugin(left.kind(), volume), volume));
      directories.remove(left.uid());
    } catch (ProviderFailure | IOException | RuntimeException | LinkageError failed) {
      LOG.warn("volume {} of pod {}/{}, which is gone, cannot be unmounted yet: {}", left.name(), left.namespace(),
          left.pod(), failed.toString());
      // The others are not kept waiting by this one.
      store.changeNode(node -> node.withLeftVolumes(with(node.leftVolumes(), left)));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return false;
    }
    store.changeNode(
        node -> node.withLeftVolumes(node.leftVolumes().stream().filter(other -> !other.equals(left)).toList()));
    return true;
  }

  /** Ends the thread; what is left stays remembered. Blocks for at most a few seconds. */
  public void end() throws InterruptedException {
    thread.interrupt();
    if (thread.isAlive()) {
      thread.join(END_LIMIT);
    }
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Mounts a running pod's volumes again, in a thread beside its supervision: all of an adopted pod, and those that
 * follow objects when one of these has changed, and now and then. What fails is told on the pod and tried again; its
 * containers run on. Used by the pod's worker alone.
 */
final class VolumeRecheck {
  /** How often volumes are mounted again although nothing is known to have changed: tokens get old. */
  private static final Duration REFRESH = Duration.ofSeconds(60);
  /** Not all pods at once. */
  private static final Duration JITTER = Duration.ofSeconds(6);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(2);

  private final PodContext pod;
  private final NodeTime time;
  private ChildCall<Boolean> call;
  private int tries;
  private boolean driverless;
  private long againNanos;
  private long refreshNanos;

  VolumeRecheck(PodContext pod) {
    this.pod = pod;
    this.time = pod.node().time();
    this.againNanos = time.nanos();
    refreshLater();
  }

  private void refreshLater() {
    refreshNanos = time.after(REFRESH.plusMillis(ThreadLocalRandom.current().nextLong(JITTER.toMillis())));
  }

  /** Takes the outcome of a try that is over, and starts the next one when its time has come. Never blocks. */
  void step() {
    if (call != null && call.done()) {
      take();
    }
    if (call == null && !pod.volumes().complete() && time.nanos() - againNanos >= 0) {
      Optional<String> missing = pod.volumes().missingDriver();
      driverless = missing.isPresent();
      if (driverless) {
        pod.reporter().heldUp(PodVolumes.FAILED_MOUNT, missing.get());
      } else {
        call = ChildCall.start("mount", pod.volumes()::mountMissing, pod.inbox()::nudge);
      }
    } else if (call == null && refreshDue()) {
      refreshLater();
      call = ChildCall.start("refresh", pod.volumes()::refresh, pod.inbox()::nudge);
    }
  }

  private boolean refreshDue() {
    PodVolumes volumes = pod.volumes();
    boolean again = tries > 0 && time.nanos() - againNanos >= 0;
    return volumes.complete() && volumes.refreshes()
        && (volumes.objectsChanged() || again || time.nanos() - refreshNanos >= 0);
  }

  private void take() {
    try {
      call.result();
      tries = 0;
      pod.reporter().heldUp("", "");
    } catch (ProviderFailure failure) {
      tries = BackOff.next(tries, failure);
      againNanos = time.after(BackOff.RETRY.wait(tries));
      pod.reporter().heldUp(PodVolumes.FAILED_MOUNT, failure.getMessage());
    } finally {
      call = null;
    }
  }

  /** Whether {@link #step} has something to do. Quick, calls nobody. */
  boolean due() {
    if (call != null) {
      return call.done();
    }
    return driverless
        ? pod.volumes().missingDriver().isEmpty() : tries > 0 && time.nanos() - againNanos >= 0 || refreshDue();
  }

  /** When {@link #step} has something to do at the latest. */
  long untilNanos() {
    if (call != null || driverless) {
      return Inbox.FOREVER;
    }
    boolean refreshes = pod.volumes().refreshes();
    return tries > 0 ? againNanos : refreshes ? refreshNanos : Inbox.FOREVER;
  }

  /** Cancels a try that is under way. */
  void cancel() {
    if (call != null) {
      call.cancel();
    }
  }

  /** Waits for a cancelled try, for a bounded time, so that it does not overtake what comes now. */
  void settle() throws InterruptedException {
    if (call != null) {
      call.cancel();
      pod.inbox().await(call::done, time.after(SETTLE_LIMIT));
      call = null;
    }
    driverless = false;
    tries = 0;
    againNanos = time.nanos();
  }
}

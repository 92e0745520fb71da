package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pod's volumes appear on the host.
 *
 * @param tries how often mounting has failed in a row
 * @param message what failed last; empty at first
 */
record VolumesMounting(int tries, String message)
    implements PodState<PodTransitions.AfterVolumesMounting>,
        PodTransitions.AfterAdmission,
        PodTransitions.AfterVolumesMounting {
  @Override
  public String reason() {
    return message.isEmpty() ? "" : "FailedMount";
  }

  @Override
  public PodTransitions.AfterVolumesMounting next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries > 0) {
      pod.awaitOrStop(() -> false, pod.node().time().after(BackOff.RETRY.wait(tries)));
    }
    Optional<String> missing = missingDriver(pod);
    if (missing.isPresent() && !missing.get().equals(message)) {
      return new VolumesMounting(0, missing.get());
    }
    pod.awaitOrStop(() -> missingDriver(pod).isEmpty(), Inbox.FOREVER);
    for (Map<String, Object> volume : Volumes.of(pod.record())) {
      String name = Volumes.name(volume);
      VolumeRequest request = new VolumeRequest(new VolumeId(pod.plan().id(), name), Volumes.source(volume));
      Path where =
          pod.child("mount-" + name, () -> pod.node().volumes().mount(Volumes.kind(volume), request)).hostPath();
      pod.mounted().put(name, where);
    }
    return new SandboxCreating(0, "");
  }

  private static Optional<String> missingDriver(PodContext pod) {
    return Volumes.of(pod.record()).stream()
        .filter(volume -> !pod.node().volumes().has(Volumes.kind(volume)))
        .map(volume -> "volume " + Volumes.name(volume) + ": no driver for volumes of kind " + Volumes.kind(volume)
            + "; install its bundle")
        .findFirst();
  }

  @Override
  public PodTransitions.AfterVolumesMounting onFailure(PodContext pod, ProviderFailure failure) {
    return new VolumesMounting(BackOff.next(tries, failure), failure.getMessage());
  }

  @Override
  public PodTransitions.AfterVolumesMounting onStop(PodContext pod, StopReason why) {
    return new Terminating(0, "");
  }

  /** Gives all volumes up. */
  static void unmount(PodContext pod) throws ProviderFailure {
    List<Map<String, Object>> volumes = Volumes.of(pod.record());
    for (Map<String, Object> volume : volumes) {
      if (pod.node().volumes().has(Volumes.kind(volume))) {
        pod.node().volumes().unmount(Volumes.kind(volume), new VolumeId(pod.plan().id(), Volumes.name(volume)));
      }
    }
  }
}

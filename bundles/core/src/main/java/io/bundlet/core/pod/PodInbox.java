package io.bundlet.core.pod;

import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.inbox.StoppableInbox;
import io.bundlet.core.time.NodeTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a pod's worker must know: its containers' latest snapshots, its sandbox' fate, and whether it is to stop. */
final class PodInbox extends StoppableInbox {
  private final Map<String, ContainerSnapshot> containers = new LinkedHashMap<>();
  private String sandbox = "";
  private long sandboxSinceNanos;
  private boolean sandboxLost;
  private long changes;

  PodInbox(NodeTime time) {
    super(time);
  }

  void container(ContainerSnapshot snapshot) {
    post(
        () -> {
          containers.put(snapshot.name(), snapshot);
          changes++;
        });
  }

  /** The containers start over. */
  void forgetContainers() {
    post(containers::clear);
  }

  /** From now on statuses of this sandbox count. */
  void watch(String id, long nowNanos) {
    post(
        () -> {
          sandbox = id;
          sandboxSinceNanos = nowNanos;
          sandboxLost = false;
        });
  }

  void sandbox(SandboxStatus status) {
    post(() -> sandboxLost = sandboxLost || status.id().value().equals(sandbox) && !status.ready());
  }

  /** A full list that was asked for at this time does not hold the sandbox. */
  void notListed(long askedAtNanos) {
    post(() -> sandboxLost = sandboxLost || !sandbox.isEmpty() && sandboxSinceNanos - askedAtNanos < 0);
  }

  Map<String, ContainerSnapshot> containers() {
    return read(() -> new LinkedHashMap<>(containers));
  }

  String watchedSandbox() {
    return read(() -> sandbox);
  }

  long changes() {
    return read(() -> changes);
  }

  /** Under the lock: whether a container has changed since that count. */
  boolean changedSince(long count) {
    return changes != count;
  }

  /** Under the lock. */
  boolean sandboxIsLost() {
    return sandboxLost;
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.inbox.StoppableInbox;
import io.bundlet.core.time.NodeTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a pod's worker must know: its containers' latest snapshots, its sandbox' fate, and whether it is to stop. */
final class PodInbox extends StoppableInbox {
  private final Map<String, ContainerSnapshot> containers = new LinkedHashMap<>();
  private String sandbox = "";
  private long sandboxSinceNanos;
  private boolean sandboxLost;
  private String lastEnded = "";
  private long changes;
  private final NodeTime time;
  private boolean mayEnd;
  private EndRequest endRequest;
  private long deadlineNanos = FOREVER;

  PodInbox(NodeTime time) {
    super(time);
    this.time = time;
  }

  /** The pod must end, though nobody deletes it; the first request counts. */
  void end(EndRequest request) {
    post(() -> endRequest = endRequest == null ? request : endRequest);
  }

  /** The monotonic time from which on the pod must end because it has been active for too long. */
  void deadline(long atNanos) {
    post(() -> deadlineNanos = atNanos);
  }

  /** Whether requests to end count now; they do not once the pod ends. */
  void mayEnd(boolean now) {
    post(() -> mayEnd = now);
  }

  /** Why the pod must end; empty while it need not. */
  Optional<EndRequest> endRequest() {
    return read(this::request);
  }

  private Optional<EndRequest> request() {
    if (!mayEnd) {
      return Optional.empty();
    }
    if (endRequest == null && deadlineNanos != FOREVER && deadlineNanos - time.nanos() <= 0) {
      return Optional.of(EndRequest.deadlineExceeded(time.now()));
    }
    return Optional.ofNullable(endRequest);
  }

  @Override
  protected boolean leaving() {
    return super.leaving() || request().isPresent();
  }

  @Override
  protected long leavesAtNanos() {
    return read(() -> mayEnd ? deadlineNanos : FOREVER);
  }

  /** Why the pod's worker is to leave the state that it is in: it is stopped, or must end. */
  Optional<StopReason> leave() {
    return stopRequest()
        .or(() -> endRequest().map(request -> new StopReason(request.end().reason(), time.after(request.grace()))));
  }

  void container(ContainerSnapshot snapshot) {
    post(
        () -> {
          containers.put(snapshot.name(), snapshot);
          changes++;
        });
  }

  /** The pod is wanted in another way, such as with containers that it did not have. */
  void changed() {
    post(() -> changes++);
  }

  /** The containers start over. */
  void forgetContainers() {
    post(containers::clear);
  }

  /** From now on statuses of this sandbox count; that it has ended may have been told before. */
  void watch(String id, long nowNanos) {
    post(
        () -> {
          sandbox = id;
          sandboxSinceNanos = nowNanos;
          sandboxLost = !id.isEmpty() && id.equals(lastEnded);
        });
  }

  void sandbox(SandboxStatus status) {
    if (!status.ready()) {
      post(
          () -> {
            lastEnded = status.id().value();
            sandboxLost = sandboxLost || lastEnded.equals(sandbox);
          });
    }
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

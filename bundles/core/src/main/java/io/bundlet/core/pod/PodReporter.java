package io.bundlet.core.pod;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.status.Phases;
import io.bundlet.core.status.PodConditions;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodRecord;
import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the pod's view of the moment and leaves it with the status writer. Used by the pod's worker alone. */
final class PodReporter {
  private final PodContext pod;
  private final PodConditions conditions = new PodConditions();
  private String address = "";
  private PodTransitions.PodMove state;
  private String heldUpReason = "";
  private String heldUpMessage = "";

  PodReporter(PodContext pod) {
    this.pod = pod;
  }

  /** The pod has this address now. */
  void address(List<String> addresses) {
    address = addresses.isEmpty() ? "" : addresses.getFirst();
  }

  /** The pod waits within its state for something that is missing; empty when it does not any more. */
  void heldUp(String byReason, String byMessage) {
    heldUpReason = byReason;
    heldUpMessage = byMessage;
    report();
  }

  /** The pod has entered this state. */
  void entered(PodTransitions.PodMove entered) {
    state = entered;
    heldUpReason = "";
    heldUpMessage = "";
    report();
  }

  /** Something of the pod has changed within its state. */
  void report() {
    PodRecord record = pod.record();
    Map<String, ContainerSnapshot> snapshots = snapshots(record);
    Optional<PodRecord.End> end = record.end().or(state::end);
    String phase =
        end.map(PodRecord.End::phase).orElseGet(() -> Phases.of(snapshots.values(), pod.plan().restartPolicy()));
    String disrupted = end.filter(PodRecord.End::disrupted).map(PodRecord.End::message).orElse("");
    String reason = end.map(PodRecord.End::reason).orElse(heldUpReason.isEmpty() ? state.reason() : heldUpReason);
    String message = end.map(PodRecord.End::message).orElse(heldUpReason.isEmpty() ? state.message() : heldUpMessage);
    pod.node().status().changed(
        new PodView(
            pod.plan().id().namespace(), pod.plan().id().name(), record.uid(), record.source(), phase,
            state.getClass().getSimpleName(), reason, message, record.handler(), record.provider(), address,
            pod.plan().restartPolicy().name(), Optional.of(record.startedAt()),
            conditions.update(
                phase, !record.sandboxId().isEmpty(), snapshots.values(), disrupted, pod.node().time().now()),
            pod.plan().containers().stream().map(container -> view(container, snapshots)).toList()));
  }

  private Map<String, ContainerSnapshot> snapshots(PodRecord record) {
    Map<String, ContainerSnapshot> live = pod.inbox().containers();
    Map<String, ContainerSnapshot> all = new LinkedHashMap<>();
    pod.plan().containers().forEach(
        container ->
            all.put(
                container.getName(),
                live.getOrDefault(container.getName(), remembered(record.container(container.getName())))));
    return all;
  }

  /** What is known of a container whose machine has not spoken yet. */
  private static ContainerSnapshot remembered(ContainerRecord record) {
    if (record.progress() == ContainerRecord.Progress.NEW && record.lastExit().isEmpty()) {
      return ContainerSnapshot.waiting(record.name(), ContainerType.REGULAR);
    }
    Kind kind = record.exit().isPresent() ? Kind.TERMINATED : record.mayRun() ? Kind.RUNNING : Kind.WAITING;
    return new ContainerSnapshot(
        record.name(), ContainerType.REGULAR, kind == Kind.TERMINATED ? "Done" : kind == Kind.RUNNING ? "Running"
        : "Waiting", kind,
        record.exit().map(Exit::reason).orElse(""), record.exit().map(Exit::message).orElse(""), record.attempt(),
        record.id(), record.imageId(), record.startedAt(), record.exit(), record.lastExit(), kind == Kind.RUNNING,
        kind == Kind.RUNNING);
  }

  private ContainerView view(Container container, Map<String, ContainerSnapshot> snapshots) {
    ContainerSnapshot snapshot = snapshots.get(container.getName());
    Path log = pod.plan().logDirectory().resolve(pod.plan().logPath(snapshot.name(), snapshot.attempt()));
    boolean made = !snapshot.id().isEmpty() || snapshot.exit().isPresent();
    boolean ended = snapshot.kind() == Kind.TERMINATED && snapshot.reason().isEmpty();
    return new ContainerView(
        snapshot.name(), container.getImage(), snapshot.imageId(), snapshot.state(),
        ended ? snapshot.exit().map(Exit::reason).orElse("") : snapshot.reason(),
        ended ? snapshot.exit().map(Exit::message).orElse("") : snapshot.message(),
        snapshot.ready(), snapshot.attempt(),
        snapshot.id().isEmpty() ? "" : pod.record().provider() + "://" + snapshot.id(), snapshot.startedAt(),
        snapshot.exit(), snapshot.lastExit(), made ? log.toString() : "");
  }
}

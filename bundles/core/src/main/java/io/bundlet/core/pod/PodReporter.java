package io.bundlet.core.pod;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.Readiness;
import io.bundlet.core.status.ContainerFact;
import io.bundlet.core.status.KubernetesStatus;
import io.bundlet.core.status.Phases;
import io.bundlet.core.status.PodConditions;
import io.bundlet.core.status.ShownPod;
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
  private static final String POD_INITIALIZING = "PodInitializing";

  private final PodContext pod;
  private final PodConditions conditions = new PodConditions();
  private List<String> addresses = List.of();
  private PodTransitions.PodMove state;
  private String heldUpReason = "";
  private String heldUpMessage = "";
  private boolean over;
  private volatile String phase = "";

  PodReporter(PodContext pod) {
    this.pod = pod;
  }

  /** The pod has these addresses now, the first one being its address. */
  void addresses(List<String> now) {
    addresses = List.copyOf(now);
  }

  /** The phase that was told last. */
  String phase() {
    return phase.isEmpty() ? Phases.PENDING : phase;
  }

  String address() {
    return addresses.isEmpty() ? "" : addresses.getFirst();
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

  /** Nothing of the pod is left. What it never came to, it failed to do, unless the next node may do it. */
  void over() {
    over = true;
    report();
  }

  /** Something of the pod has changed within its state. */
  void report() {
    PodRecord record = pod.record();
    Map<String, ContainerSnapshot> snapshots = snapshots(record);
    Optional<PodRecord.End> end = record.end().or(state::end);
    phase = end.map(PodRecord.End::phase).orElseGet(() -> phase(record, snapshots));
    String disrupted = end.filter(PodRecord.End::disrupted).map(PodRecord.End::message).orElse("");
    String reason = end.map(PodRecord.End::reason).orElse(heldUpReason.isEmpty() ? state.reason() : heldUpReason);
    String message = end.map(PodRecord.End::message).orElse(heldUpReason.isEmpty() ? state.message() : heldUpMessage);
    PodPlan plan = pod.plan();
    conditions.resize(
        pod.resize().pending().map(why -> Map.entry(why.reason(), why.message())),
        state instanceof Running && pod.resize().inProgress(), pod.node().time().now());
    PodView view =
        new PodView(
            plan.id().namespace(), plan.id().name(), record.uid(), record.source(), phase,
            state.getClass().getSimpleName(), reason, message, record.handler(), record.provider(), address(),
            plan.restartPolicy().name(), Optional.of(record.startedAt()),
            conditions.update(
                phase, !record.sandboxId().isEmpty(), snapshots.values(), plan.readinessGates(), disrupted,
                pod.node().time().now()),
            views(plan.all().regular(), snapshots), views(plan.all().init(), snapshots),
            views(plan.all().ephemeral(), snapshots), plan.qosClass());
    List<ContainerFact> facts =
        plan.all().all().stream()
            .map(
                member -> new ContainerFact(
                    member.container(), snapshots.get(member.name()), record.container(member.name())))
            .toList();
    List<String> own = addresses;
    String runtime = record.runtime();
    pod.node().status().changed(
        ShownPod.begun(
            view, plan.pod(), !over && !record.sandboxId().isEmpty(),
            () -> KubernetesStatus.of(
                view, plan.pod(), own, pod.node().identity().get().hostIps(), facts, runtime)));
  }

  private String phase(PodRecord record, Map<String, ContainerSnapshot> snapshots) {
    // While it ends, it is shown as it was before.
    Optional<PodRecord.Ending> ending = record.ending().or(state::ending);
    boolean deleted = (over || state instanceof Terminating) && pod.plan().ofCluster();
    if (ending.isPresent() && !deleted && !(state instanceof Terminating)) {
      return ending.get().phase();
    }
    Map<String, PodContainers.Member> members = pod.plan().all().byName();
    String now = Phases.of(snapshots.values(), name -> members.get(name).restart(), deleted);
    boolean ended = now.equals(Phases.SUCCEEDED) || now.equals(Phases.FAILED);
    if (over && deleted && !ended) {
      return Phases.FAILED;
    }
    // That it has ended, and how, is decided by its machine alone, and then told with all that belongs to it.
    return ended && state.mayEnd() ? before() : now;
  }

  private String before() {
    return phase.isEmpty() ? Phases.RUNNING : phase;
  }

  private List<ContainerView> views(List<PodContainers.Member> members, Map<String, ContainerSnapshot> snapshots) {
    return members.stream().map(member -> view(member.container(), snapshots)).toList();
  }

  private Map<String, ContainerSnapshot> snapshots(PodRecord record) {
    Map<String, ContainerSnapshot> live = pod.inbox().containers();
    Map<String, ContainerSnapshot> all = new LinkedHashMap<>();
    for (PodContainers.Member member : pod.plan().all().all()) {
      ContainerSnapshot snapshot = live.get(member.name());
      all.put(
          member.name(),
          worded(snapshot == null ? remembered(member, record.container(member.name())) : snapshot));
    }
    return all;
  }

  /** What waits for no reason of its own waits for the pod to be initialized, if it has to be. */
  private ContainerSnapshot worded(ContainerSnapshot snapshot) {
    boolean initializes = !pod.plan().all().init().isEmpty();
    return initializes && snapshot.reason().equals(ContainerSnapshot.CONTAINER_CREATING)
        ? snapshot.withReason(POD_INITIALIZING)
        : snapshot;
  }

  /** What is known of a container whose machine has not spoken yet. */
  private static ContainerSnapshot remembered(PodContainers.Member member, ContainerRecord record) {
    ContainerType type = member.type();
    if (record.progress() == ContainerRecord.Progress.NEW && record.lastExit().isEmpty()) {
      return ContainerSnapshot.waiting(record.name(), type);
    }
    Kind kind = record.exit().isPresent() ? Kind.TERMINATED : record.runs() ? Kind.RUNNING : Kind.WAITING;
    return new ContainerSnapshot(
        record.name(), type, kind == Kind.TERMINATED ? "Done" : kind == Kind.RUNNING ? "Running"
        : "Waiting", kind,
        record.exit().map(Exit::reason).orElse(""), record.exit().map(Exit::message).orElse(""), record.restarts(),
        record.id(), record.toldImage(), record.startedAt(), record.exit(), record.lastExit(),
        kind == Kind.RUNNING && Readiness.started(member.container(), record.instance()),
        type == ContainerType.INIT
            ? record.exit().filter(exit -> exit.code() == 0).isPresent()
            : kind == Kind.RUNNING && Readiness.ready(member.container(), record.instance()));
  }

  private ContainerView view(Container container, Map<String, ContainerSnapshot> snapshots) {
    ContainerSnapshot snapshot = snapshots.get(container.getName());
    Path log = pod.plan().logDirectory().resolve(pod.plan().logPath(snapshot.name(), snapshot.attempt()));
    boolean made = !snapshot.id().isEmpty() || snapshot.exit().or(snapshot::lastExit).isPresent();
    boolean ended = snapshot.kind() == Kind.TERMINATED && snapshot.reason().isEmpty();
    return new ContainerView(
        snapshot.name(), container.getImage(), snapshot.imageId(), snapshot.state(),
        ended ? snapshot.exit().map(Exit::reason).orElse("") : snapshot.reason(),
        ended ? snapshot.exit().map(Exit::message).orElse("") : snapshot.message(),
        snapshot.ready(), snapshot.attempt(),
        snapshot.id().isEmpty() ? "" : pod.record().runtime() + "://" + snapshot.id(), snapshot.startedAt(),
        snapshot.exit(), snapshot.lastExit(), made ? log.toString() : "", snapshot.started());
  }
}

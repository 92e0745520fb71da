package io.bundlet.core.pod;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.core.container.ContainerPlan;
import io.bundlet.core.container.ContainerRunner;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.SandboxScope;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.pod.PodContainers.Member;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The running container machines of one pod: each is started, and stopped, when its turn has come. */
final class ContainerCrew {
  private static final Duration ABANDON_LIMIT = Duration.ofSeconds(3);

  private final PodContext pod;
  private final Map<String, ContainerRunner> runners = new ConcurrentHashMap<>();

  ContainerCrew(PodContext pod) {
    this.pod = pod;
  }

  /** Starts a machine for each container whose turn has come and that has none. */
  void advance() throws ProviderFailure, InterruptedException {
    PodContainers containers = pod.plan().all();
    Map<String, ContainerSnapshot> snapshots = pod.inbox().containers();
    if (!containers.init().isEmpty() && !pod.record().initDone()) {
      if (!StartOrder.initDone(containers, snapshots)) {
        start(StartOrder.initializing(containers, snapshots), Optional.empty());
        return;
      }
      // First, so that no new core runs init containers beside regular ones.
      pod.memory().change(PodRecord::withInitDone);
    }
    start(StartOrder.initialized(containers), Optional.empty());
  }

  /** Starts machines for a pod that is being ended: they find what may run, and stop it. */
  void startToStop(StopReason why) throws ProviderFailure {
    List<Member> begun =
        pod.plan().all().all().stream()
            .filter(member -> pod.record().container(member.name()).progress() != ContainerRecord.Progress.NEW)
            .toList();
    start(begun, Optional.of(why));
  }

  private void start(List<Member> members, Optional<StopReason> stop) throws ProviderFailure {
    List<Member> without = members.stream().filter(member -> !runners.containsKey(member.name())).toList();
    if (without.isEmpty()) {
      return;
    }
    pod.objects().watch();
    SandboxScope scope =
        new SandboxScope(
            pod.plan().id(), pod.record().provider(), new SandboxId(pod.record().sandboxId()), pod.presentSandbox(),
            pod.address());
    NodeServices node = pod.node();
    for (Member member : without) {
      ContainerPlan plan = pod.plan().container(member, new ContainerDescription(pod, member));
      ContainerRunner runner =
          new ContainerRunner(
              plan, scope, pod.memory(), node.containers(),
              pod.events().at(plan.type().fieldPath(plan.name())), pod.inbox()::container);
      stop.ifPresent(why -> stop(member, runner, why, false));
      runners.put(member.name(), runner);
      runner.start();
    }
  }

  boolean started() {
    return !runners.isEmpty();
  }

  /**
   * Asks all to stop: sidecars only get ready at first, and then end one by one, the last first, when nothing else
   * runs. To be called again whenever one has ended.
   */
  void stop(StopReason why) {
    List<Member> members = pod.plan().all().all();
    boolean turn = members.stream().filter(member -> member.type() != ContainerType.SIDECAR).allMatch(this::gone);
    for (Member member : members.reversed()) {
      ContainerRunner runner = runners.get(member.name());
      if (runner != null) {
        stop(member, runner, why, turn);
      }
      if (member.type() == ContainerType.SIDECAR) {
        turn = turn && gone(member);
      }
    }
  }

  private static void stop(Member member, ContainerRunner runner, StopReason why, boolean itsTurn) {
    if (member.type() == ContainerType.SIDECAR && !itsTurn) {
      runner.prepareStop(why);
    } else {
      runner.stop(why);
    }
  }

  /** Whether its machine has come to its end, or it has none. */
  private boolean gone(Member member) {
    ContainerSnapshot snapshot = pod.inbox().containers().get(member.name());
    return !runners.containsKey(member.name()) || snapshot != null && snapshot.done();
  }

  /** Whether all machines have come to their end. */
  boolean done() {
    return pod.plan().all().all().stream().allMatch(this::gone);
  }

  /** Abandons all machines where they are; the containers themselves are not touched. */
  void abandon() throws InterruptedException {
    for (ContainerRunner runner : runners.values()) {
      runner.abandon(ABANDON_LIMIT);
    }
    runners.clear();
  }

  void status(ContainerStatus status) {
    ContainerRunner runner = runners.get(status.name());
    if (runner != null) {
      runner.status(status);
    }
  }

  /** A full list holds these of the pod's containers only. */
  void listed(Set<String> ids, long askedAtNanos) {
    Map<String, ContainerSnapshot> snapshots = pod.inbox().containers();
    runners.forEach(
        (name, runner) -> {
          ContainerSnapshot snapshot = snapshots.get(name);
          if (snapshot != null && !snapshot.id().isEmpty() && !ids.contains(snapshot.id())) {
            runner.notListed(askedAtNanos);
          }
        });
  }

  /** The manifest's images may be others now. */
  void images() {
    for (Member member : pod.plan().all().all()) {
      ContainerRunner runner = runners.get(member.name());
      if (runner != null) {
        runner.image(member.container().getImage());
      }
    }
  }

  /** The manifest may say other things of its containers now. */
  void manifests() {
    for (Member member : pod.plan().all().all()) {
      ContainerRunner runner = runners.get(member.name());
      if (runner != null) {
        runner.manifest(member.container());
      }
    }
  }

  void nudge() {
    runners.values().forEach(ContainerRunner::nudge);
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.core.container.ContainerPlan;
import io.bundlet.core.container.ContainerRunner;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.SandboxScope;
import io.bundlet.core.inbox.StopReason;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The running container machines of one pod. */
final class ContainerCrew {
  private static final Duration ABANDON_LIMIT = Duration.ofSeconds(3);

  private final PodContext pod;
  private final Map<String, ContainerRunner> runners = new ConcurrentHashMap<>();

  ContainerCrew(PodContext pod) {
    this.pod = pod;
  }

  /** Starts a machine for each container that has none, in the pod's present sandbox. */
  void start() throws ProviderFailure {
    start(Optional.empty());
  }

  /** The same for a pod that is being ended: the machines find what runs, and stop it. */
  void startToStop(StopReason why) throws ProviderFailure {
    start(Optional.of(why));
  }

  private void start(Optional<StopReason> stop) throws ProviderFailure {
    pod.objects().watch();
    SandboxScope scope =
        new SandboxScope(
            pod.plan().id(), pod.record().provider(), new SandboxId(pod.record().sandboxId()), pod.presentSandbox());
    NodeServices node = pod.node();
    for (Container container : pod.plan().containers()) {
      if (!runners.containsKey(container.getName())) {
        ContainerPlan plan = pod.plan().container(container, new ContainerDescription(pod, container));
        ContainerRunner runner =
            new ContainerRunner(
                plan, scope, pod.memory(), node.providers(), node.time(),
                pod.events().at(plan.type().fieldPath(plan.name())),
                pod.inbox()::container);
        stop.ifPresent(runner::stop);
        runners.put(container.getName(), runner);
        runner.start();
      }
    }
  }

  boolean started() {
    return !runners.isEmpty();
  }

  void stop(StopReason why) {
    runners.values().forEach(runner -> runner.stop(why));
  }

  /** Whether all machines have come to their end. */
  boolean done() {
    Map<String, ContainerSnapshot> snapshots = pod.inbox().containers();
    return runners.keySet().stream().allMatch(name -> snapshots.containsKey(name) && snapshots.get(name).done());
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

  void nudge() {
    runners.values().forEach(ContainerRunner::nudge);
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.ResizePart;
import io.bundlet.core.admission.PodDemand;
import io.bundlet.core.admission.Unfit;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.resources.ResizeRules;
import io.bundlet.statemachine.StopRequested;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Other resources for the containers of a running pod. Whoever hears of them leaves them here; the pod's worker decides
 * whether the node has them, has that remembered, makes room in the pod's control group, and then tells the containers,
 * which change one by one. Only then is what is not needed any more taken from the group.
 */
final class PodResize {
  /** What the node cannot give now it may be able to give later. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private record Wanted(Pod pod, Function<Pod, Map<String, Object>> tree) {}

  /** Why what is wanted is not done. */
  record Pending(String reason, String message) {}

  private final PodContext pod;
  private volatile Wanted wanted;
  private volatile Wanted refused;
  private Optional<Pending> pending = Optional.empty();
  private volatile long againNanos;

  PodResize(PodContext pod) {
    this.pod = pod;
    this.againNanos = pod.node().time().nanos();
  }

  /**
   * The pod is wanted with these resources. Never blocks.
   *
   * @param tree makes the form in which the pod is remembered
   */
  void wanted(Pod now, Function<Pod, Map<String, Object>> tree) {
    Pod present = pod.plan().pod();
    boolean same = PodUpdate.resized(present, now) == present;
    Wanted before = wanted;
    boolean known = before != null && PodUpdate.resized(before.pod(), now) == before.pod();
    if (same && before == null || known) {
      return;
    }
    againNanos = pod.node().time().nanos();
    wanted = same ? null : new Wanted(now, tree);
    pod.inbox().changed();
  }

  /** Why what is wanted is not done; empty when it is, or is under way. For the pod's worker. */
  Optional<Pending> pending() {
    return pending;
  }

  /** Whether a container has not got yet what it is to get. For the pod's worker. */
  boolean inProgress() {
    return pod.cgroup().unsettled();
  }

  /** Does what there is to do. For the pod's worker, while the pod runs. */
  void step() throws ProviderFailure, StopRequested, InterruptedException {
    boolean accepted = decide();
    pod.cgroup().follow();
    if (accepted) {
      pod.crew().manifests();
    }
  }

  /** Whether {@link #step} has something to decide. Quick. */
  boolean due() {
    Wanted now = wanted;
    return now != null && now != refused && pod.node().time().nanos() - againNanos >= 0
        && pod.provider().isPresent();
  }

  /** When it has at the latest. */
  long untilNanos() {
    Wanted now = wanted;
    // who waits for a provider is woken by it
    return now == null || now == refused || pod.provider().isEmpty() ? Inbox.FOREVER : againNanos;
  }

  private boolean decide() throws StopRequested, InterruptedException {
    if (wanted == null) {
      pending = Optional.empty();
    }
    if (!due()) {
      return false;
    }
    Wanted now = wanted;
    Pod target = PodUpdate.resized(pod.plan().pod(), now.pod());
    Optional<String> never = ResizeRules.refused(pod.plan().pod().getSpec(), target.getSpec());
    if (never.isPresent()) {
      infeasible(now, never.get());
      return false;
    }
    ProviderHandle provider = pod.provider().orElseThrow();
    try {
      boolean inPlace = pod.child("parts", () -> provider.with(one -> one.part(ResizePart.class).isPresent()));
      if (!inPlace && pod.plan().ofCluster()) {
        infeasible(now, "the runtime provider " + provider.name() + " cannot change what a running container may use");
        return false;
      }
      Optional<Unfit> unfit = pod.node().fit().admit(PodDemand.of(target, pod.record().handler()));
      if (unfit.isPresent()) {
        deferred(unfit.get().message());
        return false;
      }
      accept(now);
      return true;
    } catch (ProviderFailure failure) {
      deferred(failure.getMessage());
      return false;
    }
  }

  private void accept(Wanted now) throws ProviderFailure, InterruptedException {
    synchronized (pod.plan()) {
      Pod target = PodUpdate.resized(pod.plan().pod(), now.pod());
      pod.plan().update(target);
      pod.memory().note(record -> record.withManifest(now.tree().apply(target)));
    }
    // on disk before anything gets more
    pod.memory().change(record -> record);
    if (wanted == now) {
      wanted = null;
    }
    pending = Optional.empty();
    pod.events().event("", EventSink.NORMAL, "ResizeStarted", "The pod's containers get other resources");
  }

  private void infeasible(Wanted now, String why) {
    refused = now;
    tell("Infeasible", why);
  }

  private void deferred(String why) {
    againNanos = pod.node().time().after(AGAIN);
    tell("Deferred", why);
  }

  private void tell(String reason, String why) {
    Optional<Pending> said = Optional.of(new Pending(reason, why));
    if (!said.equals(pending)) {
      pending = said;
      pod.events().event("", EventSink.WARNING, "Resize" + reason, why);
    }
  }
}

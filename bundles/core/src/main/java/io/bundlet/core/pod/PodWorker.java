package io.bundlet.core.pod;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.shutdown.NodeShutdown;
import io.bundlet.core.status.Phases;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodMemory;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.NodeTime;
import io.bundlet.core.usage.MeasuredPod;
import io.bundlet.statemachine.Graph;
import io.bundlet.statemachine.Machine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one pod's machine on a virtual thread, and takes what concerns the pod. */
public final class PodWorker {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
  private static final Machine<PodContext, ProviderFailure, StopReason> MACHINE =
      new Machine<>(
          ProviderFailure.class,
          PodWorker::defect,
          pod -> pod.inbox().leave(),
          (pod, state) -> {
            if (state instanceof PodTransitions.PodMove move) {
              pod.inbox().mayEnd(move.mayEnd());
              pod.reporter().entered(move);
            }
          });

  private final PodContext context;
  private final Thread thread;
  private final long sinceNanos;
  /** For how long the pod had been the node's when this worker was made. */
  private final Duration before;
  private String seenVersion = "";

  /**
   * Makes a worker that goes on where the record says; {@link #start} starts it.
   *
   * @param whenGone called in the worker's thread when nothing of the pod is left
   */
  public PodWorker(Pod pod, PodRecord record, NodeServices node, Consumer<PodWorker> whenGone) {
    context = new PodContext(new PodPlan(pod, node.logs()), new PodMemory(node.store(), record), node);
    sinceNanos = node.time().nanos();
    Duration past = Duration.between(record.startedAt(), node.time().now());
    before = past.isNegative() ? Duration.ZERO : past;
    thread =
        Thread.ofVirtual().name("bundlet-pod-" + context.plan().id()).unstarted(() -> run(whenGone));
  }

  /** Every state of a pod and every legal move. */
  public static Graph graph() {
    return Graph.from(Admission.class);
  }

  /** Starts the worker. */
  public void start() {
    thread.start();
  }

  /** Which pod this is. */
  public PodId id() {
    return context.plan().id();
  }

  /** The pod as it is wanted. */
  public Pod pod() {
    return context.plan().pod();
  }

  /** The pod, once it has been admitted and until it has ended or is deleted. */
  public Optional<Pod> active() {
    PodRecord record = context.record();
    boolean active = !record.provider().isEmpty() && record.end().isEmpty() && record.terminating().isEmpty();
    return active ? Optional.of(context.plan().pod()) : Optional.empty();
  }

  /** The pod, once it has been admitted and until it has ended; also when it is deleted. */
  public Optional<Pod> running() {
    PodRecord record = context.record();
    return !record.provider().isEmpty() && record.end().isEmpty()
        ? Optional.of(context.plan().pod()) : Optional.empty();
  }

  /** The pod with its sandbox, while it has one. */
  public Optional<SandboxedPod> sandboxed() {
    PodRecord record = context.record();
    return record.sandboxId().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SandboxedPod(context.plan().pod(), record.provider(), new SandboxId(record.sandboxId())));
  }

  /** The node is shut down: the pod ends, with its own grace but no longer than this. */
  public void shutDown(Duration grace) {
    if (context.record().terminating().isPresent()) {
      stop(NodeShutdown.MESSAGE, grace);
    } else {
      end(EndRequest.disrupted(NodeShutdown.TERMINATED, NodeShutdown.MESSAGE, context.node().time().now(), grace));
    }
  }

  /** By what the pod uses is found out, while it is active. */
  public Optional<MeasuredPod> measured() {
    return active().map(pod -> new PodMeasure(context));
  }

  /** The names and ids of all images that its containers are, or were last, made of. */
  public Set<String> images() {
    Set<String> all = new HashSet<>();
    context.plan().all().all().forEach(member -> all.add(Objects.toString(member.container().getImage(), "")));
    context.record().containers().values().forEach(
        container -> {
          all.add(container.imageId());
          all.add(container.instance().image());
        });
    all.remove("");
    return all;
  }

  /** The source that wanted the pod. */
  public String source() {
    return context.record().source();
  }

  /** The grace that the pod's manifest gives it. */
  public Duration grace() {
    return context.plan().grace();
  }

  private void run(Consumer<PodWorker> whenGone) {
    context.plan().activeDeadline().ifPresent(this::deadline);
    try {
      MACHINE.run(first(), context);
      whenGone.accept(this);
    } catch (InterruptedException abandoned) {
      LOG.debug("pod {} is left as it is", id());
    } catch (RuntimeException | Error defect) {
      LOG.error("pod {} is not looked after any more: a defect in the core", id(), defect);
    } finally {
      context.objects().close();
    }
  }

  /**
   * Counted from when the node took it on, also over restarts of the node; what passes while this worker lives, by the
   * monotonic clock.
   */
  private void deadline(Duration limit) {
    NodeTime time = context.node().time();
    Duration left = limit.minus(before).minus(Duration.ofNanos(time.nanos() - sinceNanos));
    context.inbox().deadline(time.after(left.isNegative() ? Duration.ZERO : left));
  }

  private PodTransitions.PodMove first() {
    PodRecord record = context.record();
    if (record.terminating().isPresent()) {
      return new Terminating(0, "");
    }
    if (record.end().isEmpty() && record.ending().isPresent()) {
      return new Ending(record.ending().get(), 0);
    }
    return record.end()
        .<PodTransitions.PodMove>map(end -> end.phase().equals(Phases.SUCCEEDED) ? new Succeeded(end) : new Failed(end))
        .orElseGet(Admission::first);
  }

  private static ProviderFailure defect(Throwable unexpected) {
    LOG.error("a defect in the core", unexpected);
    return ProviderFailure.of(ProviderFailure.INTERNAL, "a defect in the core: " + unexpected, unexpected);
  }

  /** Asks the pod to end; again with less grace shortens it. */
  public void stop(String why, Duration grace) {
    context.inbox().stop(new StopReason(why, context.node().time().after(grace)));
  }

  /**
   * The pod is wanted like this now. Never blocks.
   *
   * @param tree makes the form in which it is remembered
   */
  public void update(Pod now, Function<Pod, Map<String, Object>> tree) {
    PodPlan plan = context.plan();
    synchronized (plan) {
      String version = now.getMetadata().getResourceVersion();
      if (version != null && version.equals(seenVersion)) {
        return;
      }
      seenVersion = version;
      context.asked().wanted(now.getSpec().getEphemeralContainers(), tree);
      context.resize().wanted(now, tree);
      Pod changed = PodUpdate.merged(plan.pod(), now);
      if (changed.equals(plan.pod())) {
        return;
      }
      plan.update(changed);
      context.memory().note(record -> record.withManifest(tree.apply(changed)));
    }
    plan.activeDeadline().ifPresent(this::deadline);
    context.crew().images();
    context.inbox().changed();
  }

  /** The pod's containers are wanted with these resources now; whatever else is different is left as it is. */
  public void resize(Pod now, Function<Pod, Map<String, Object>> tree) {
    context.resize().wanted(now, tree);
  }

  /** Has the pod end although nobody deletes it; does nothing when it has ended. It stays, as failed or succeeded. */
  public void end(EndRequest request) {
    context.inbox().end(request);
  }

  /** What happened to the pod, the latest last. */
  public List<EventView> events() {
    return context.events().all();
  }

  /** The pod as it is wanted, with the ephemeral containers that were added to it. */
  public Map<String, Object> manifest() {
    return context.record().manifest();
  }

  /**
   * Adds ephemeral containers; blocks until that is remembered.
   *
   * @param spec with them
   * @param before the manifest that was changed
   * @param after the same with them
   * @throws AdminFailure when the pod does not run, its provider refuses them, or the manifest has changed meanwhile
   */
  public void addEphemeral(PodSpec spec, Map<String, Object> before, Map<String, Object> after)
      throws AdminFailure, InterruptedException {
    new EphemeralContainers(context).add(spec, before, after);
  }

  /** A container of this pod is now like this. */
  public void container(ContainerStatus status) {
    context.crew().status(status);
  }

  /** A sandbox of this pod is now like this. */
  public void sandbox(SandboxStatus status) {
    context.inbox().sandbox(status);
  }

  /** The pod's provider has listed everything that it holds. */
  public void listed(String provider, Listing all, long askedAtNanos) {
    if (!provider.equals(context.record().provider())) {
      return;
    }
    all.sandboxes(id().uid()).forEach(this::sandbox);
    all.containers(id().uid()).forEach(this::container);
    if (!all.hasSandbox(context.inbox().watchedSandbox())) {
      // Its containers went with it: the pod decides, not each of them for itself.
      context.inbox().notListed(askedAtNanos);
      return;
    }
    context.crew().listed(all.containerIds(), askedAtNanos);
  }

  /**
   * Whether the pod has had this sandbox before the one that it runs in. A call whose answer was lost may have made it.
   */
  public boolean superseded(SandboxStatus sandbox) {
    PodRecord record = context.record();
    return !record.sandboxId().isEmpty() && !record.sandboxId().equals(sandbox.id().value())
        && sandbox.attempt() < record.sandboxAttempt();
  }

  /** The same of a container in the sandbox that the pod runs in. */
  public boolean superseded(ContainerStatus container) {
    PodRecord record = context.record();
    ContainerRecord present = record.containers().get(container.name());
    return present != null && record.sandboxId().equals(container.sandbox().value())
        && !present.id().equals(container.id().value()) && container.attempt() < present.attempt();
  }

  /** Has the worker and its containers look at what they wait for once more. */
  public void nudge() {
    context.inbox().nudge();
    context.crew().nudge();
  }

  /** Abandons the pod where it is, and waits for the threads; the pod itself is not touched. */
  public void abandon(Duration limit) throws InterruptedException {
    thread.interrupt();
    thread.join(limit);
    context.crew().abandon();
  }
}

package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.core.event.PodEvents;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderWork;
import io.bundlet.core.store.PodMemory;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.StopRequested;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What a pod's states work with. Belongs to the pod's worker. */
final class PodContext {
  private static final Duration TOLD_AFTER = Duration.ofSeconds(5);
  /** A sandbox that was lost sooner was no good. */
  private static final Duration SANDBOX_LIVES = Duration.ofSeconds(10);

  private final PodPlan plan;
  private final PodMemory memory;
  private final NodeServices node;
  private final PodInbox inbox;
  private final ContainerCrew crew;
  private final PodReporter reporter;
  private final PodVolumes volumes;
  private final VolumeRecheck recheck;
  private final PodEvents events;
  private final PodObjects objects;
  private final PodSurroundings surroundings;
  private int lossesInARow;
  private final PodCgroup cgroup;
  private final AskedContainers asked;
  private final PodResize resize;

  PodContext(PodPlan plan, PodMemory memory, NodeServices node) {
    this.plan = plan;
    this.memory = memory;
    this.node = node;
    this.inbox = new PodInbox(node.time());
    this.crew = new ContainerCrew(this);
    this.reporter = new PodReporter(this);
    this.volumes = new PodVolumes(this);
    this.recheck = new VolumeRecheck(this);
    this.events = new PodEvents(node.time(), this::tell);
    this.objects = new PodObjects(this);
    this.surroundings = new PodSurroundings(this);
    this.cgroup = new PodCgroup(this);
    this.asked = new AskedContainers(this);
    this.resize = new PodResize(this);
  }

  PodPlan plan() {
    return plan;
  }

  private void tell(String fieldPath, String type, String reason, String message) {
    node.cluster().event(plan.reference(fieldPath), type, reason, message);
  }

  /**
   * The sandbox is lost that the pod has run in since then. After the first loss another one is made at once, and later
   * when they are lost one soon after another.
   *
   * @return how many tries the next one counts as
   */
  int sandboxLost(long sinceNanos) {
    boolean soon = node.time().nanos() - sinceNanos < SANDBOX_LIVES.toNanos();
    lossesInARow = soon ? lossesInARow + 1 : 1;
    return lossesInARow - 1;
  }

  PodMemory memory() {
    return memory;
  }

  PodRecord record() {
    return memory.record();
  }

  NodeServices node() {
    return node;
  }

  PodInbox inbox() {
    return inbox;
  }

  ContainerCrew crew() {
    return crew;
  }

  PodReporter reporter() {
    return reporter;
  }

  PodVolumes volumes() {
    return volumes;
  }

  VolumeRecheck recheck() {
    return recheck;
  }

  /** What happened to the pod. */
  PodEvents events() {
    return events;
  }

  PodObjects objects() {
    return objects;
  }

  PodSurroundings surroundings() {
    return surroundings;
  }

  PodCgroup cgroup() {
    return cgroup;
  }

  /** Resources that its containers do not have yet. */
  PodResize resize() {
    return resize;
  }

  /** Ephemeral containers that it does not have yet. */
  AskedContainers asked() {
    return asked;
  }

  /**
   * The sandbox to be made. @throws ProviderFailure when the pod can have no name, or the node's own files are not
   * there
   */
  SandboxConfig sandboxConfig() throws ProviderFailure {
    return plan.sandbox(
        record().sandboxAttempt(), node.owner(), record().handler(), surroundings.hostname().inKernel(),
        Optional.of(surroundings.dns(events)), cgroup.parent());
  }

  /**
   * The sandbox that there is, for those who only work in it: how names are looked up has been said when it was made.
   */
  SandboxConfig presentSandbox() throws ProviderFailure {
    return plan.sandbox(
        record().sandboxAttempt(), node.owner(), record().handler(), surroundings.hostname().inKernel(),
        Optional.empty(), cgroup.parent());
  }

  /** Where the pod's ports are: its own address or, if it has none, the host's. */
  String address() {
    String own = reporter.address();
    if (!own.isEmpty()) {
      return own;
    }
    boolean hostNetwork = Boolean.TRUE.equals(plan.pod().getSpec().getHostNetwork());
    // What runs in the node's own process and has no address listens here.
    return hostNetwork ? node.identity().get().hostIps().getFirst() : "127.0.0.1";
  }

  Optional<ProviderHandle> provider() {
    return node.providers().named(record().provider());
  }

  /** Whether this is said of the pod's handler now; of the one without a name, whether it is said of any. */
  boolean handlerHas(String feature) {
    String handler = record().handler();
    return provider().stream()
        .flatMap(handle -> handle.status().handlers().entrySet().stream())
        .anyMatch(each -> (handler.isEmpty() || handler.equals(each.getKey())) && each.getValue().contains(feature));
  }

  /** Waits for the pod's provider and does a call; a stop request ends the wait and cancels the call. */
  <T> T call(String what, ProviderWork<T> work) throws ProviderFailure, StopRequested, InterruptedException {
    awaitProvider(ProviderHandle::ready);
    return inbox.resultOrStop(node.providers().here(record().provider()).call(what, work, inbox::nudge));
  }

  /** What is done while a call is under way. */
  @FunctionalInterface
  interface Beside {
    void run() throws ProviderFailure, InterruptedException;
  }

  /** Does a call as {@link #call(String, ProviderWork)}, and meanwhile something else in this thread. */
  <T> T call(String what, ProviderWork<T> work, Beside beside)
      throws ProviderFailure, StopRequested, InterruptedException {
    awaitProvider(ProviderHandle::ready);
    ChildCall<T> call = node.providers().here(record().provider()).call(what, work, inbox::nudge);
    try {
      beside.run();
    } catch (ProviderFailure | InterruptedException | RuntimeException failed) {
      call.cancel();
      throw failed;
    }
    return inbox.resultOrStop(call);
  }

  /** Waits for the pod's provider and does a call; a stop request changes nothing. */
  <T> T callThrough(String what, ProviderWork<T> work) throws ProviderFailure, InterruptedException {
    if (!providerIsReady()) {
      sayProvider();
      inbox.await(this::providerIsReady, Inbox.FOREVER);
      sayProvider();
    }
    return inbox.result(node.providers().here(record().provider()).call(what, work, inbox::nudge));
  }

  /** Does work that may block in a thread of its own; a stop request cancels it. */
  <T> T child(String what, ChildCall.Work<T> work) throws ProviderFailure, StopRequested, InterruptedException {
    return inbox.resultOrStop(ChildCall.start(what, work, inbox::nudge));
  }

  /** The same, where a stop request changes nothing; what takes long is told on the pod. */
  <T> T childThrough(String what, ChildCall.Work<T> work, String reason, String message)
      throws ProviderFailure, InterruptedException {
    ChildCall<T> call = ChildCall.start(what, work, inbox::nudge);
    try {
      if (!inbox.await(call::done, node.time().after(TOLD_AFTER))) {
        reporter.heldUp(reason, message);
      }
    } catch (InterruptedException abandoned) {
      call.cancel();
      throw abandoned;
    }
    return inbox.result(call);
  }

  /** Waits until the pod's provider is so, and says meanwhile that it is missing; a stop request ends the wait. */
  void awaitProvider(Predicate<ProviderHandle> so) throws StopRequested, InterruptedException {
    BooleanSupplier met = () -> provider().filter(so).isPresent();
    if (!met.getAsBoolean()) {
      sayProvider();
      awaitOrStop(met, Inbox.FOREVER);
      sayProvider();
    }
  }

  /** Says on the pod whether its provider is missing. */
  void sayProvider() {
    boolean missing = !providerIsReady();
    reporter.heldUp(
        missing ? Admission.RUNTIME_PROVIDER_MISSING : "", missing ? node.providers().whyAbsent(record().provider())
        : "");
  }

  boolean providerIsReady() {
    return provider().filter(ProviderHandle::ready).isPresent();
  }

  /** Waits for a condition; a stop request ends the wait. @return whether the condition holds */
  boolean awaitOrStop(BooleanSupplier met, long untilNanos) throws StopRequested, InterruptedException {
    return inbox.awaitOrStop(met, untilNanos);
  }
}

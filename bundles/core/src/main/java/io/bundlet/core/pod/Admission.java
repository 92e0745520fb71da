package io.bundlet.core.pod;

import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.admission.NodeSelection;
import io.bundlet.core.admission.PodDemand;
import io.bundlet.core.admission.Unfit;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.reach.HandlerFields;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import java.util.Optional;

/**
 * The pod gets its handler and its provider, which stays with it for its life, or is refused. A pod whose provider is
 * absent waits here until it comes.
 *
 * @param tries how often admission has failed in a row
 * @param message what held it up last; empty at first
 */
record Admission(int tries, String reason, String message)
    implements PodState<PodTransitions.AfterAdmission>, PodTransitions.AfterAdmission {
  static final String RUNTIME_PROVIDER_MISSING = "RuntimeProviderMissing";

  static Admission first() {
    return new Admission(0, "", "");
  }

  @Override
  public boolean mayEnd() {
    return true;
  }

  @Override
  public PodTransitions.AfterAdmission next(PodContext pod)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries > 0) {
      pod.awaitOrStop(() -> false, pod.node().time().after(BackOff.RETRY.wait(tries)));
    }
    if (!pod.record().provider().isEmpty()) {
      return new VolumesMounting(0, "");
    }
    Optional<String> unsupported = PodSpecs.unsupported(pod.plan().pod());
    if (unsupported.isPresent()) {
      return new Rejected(
          Refusal.unsupported(unsupported.get(), "this version of the node does not carry it out; remove it"),
          pod.node().time().now(), 0);
    }
    Optional<Refusal> wrong = PodSpecs.wrong(pod.plan().pod());
    if (wrong.isPresent()) {
      return new Rejected(wrong.get(), pod.node().time().now(), 0);
    }
    long classes = pod.node().cluster().changes();
    String handler = handler(pod);
    Optional<ProviderHandle> found = pod.node().providers().serving(handler);
    if (found.isEmpty()) {
      String why = pod.node().providers().whyMissing(handler);
      if (!why.equals(message)) {
        pod.events().event("", EventSink.WARNING, RUNTIME_PROVIDER_MISSING, why);
        return new Admission(0, RUNTIME_PROVIDER_MISSING, why);
      }
      pod.awaitOrStop(
          () -> pod.node().providers().serving(handler).isPresent()
              || !pod.node().providers().whyMissing(handler).equals(why)
              || pod.node().cluster().changes() != classes || otherDefault(pod, handler),
          Inbox.FOREVER);
      return new Admission(0, reason, message);
    }
    boolean commands = pod.child("parts", () -> found.get().with(one -> one.part(ExecPart.class).isPresent()));
    Optional<Refusal> handlers = HandlerFields.refused(pod.plan().pod().getSpec(), commands);
    if (handlers.isPresent()) {
      return new Rejected(handlers.get(), pod.node().time().now(), 0);
    }
    PodRequest request = new PodRequest(pod.plan().id(), handler, pod.record().manifest());
    Optional<Refusal> refusal = pod.child("admit", () -> found.get().admit(request));
    if (refusal.isPresent()) {
      return new Rejected(refusal.get(), pod.node().time().now(), 0);
    }
    Optional<Refusal> unfit = fit(pod, handler);
    if (unfit.isPresent()) {
      return new Rejected(unfit.get(), pod.node().time().now(), 0);
    }
    String runtime = found.get().status().runtimeName();
    pod.memory().change(record -> record.withProvider(found.get().name(), handler, runtime));
    return new VolumesMounting(0, "");
  }

  /** Last, because what is promised to a pod here stays with it. */
  private static Optional<Refusal> fit(PodContext pod, String handler) throws ProviderFailure {
    NodeSelection node =
        NodeSelection.of(pod.node().identity().get().name(), System.getProperty("os.arch"), handler);
    // What labels the node has in a cluster, and who may run on it, others know and have looked at.
    boolean scheduled = pod.plan().ofCluster();
    Optional<Unfit> unfit = scheduled ? Optional.empty() : node.refuses(pod.plan().pod().getSpec());
    if (unfit.isEmpty()) {
      unfit = pod.node().fit().admit(PodDemand.of(pod.plan().pod(), handler));
    }
    unfit.ifPresent(
        why -> why.shortages().forEach(
            shortage -> pod.events().event("", EventSink.WARNING, shortage.reason(), shortage.message())));
    return unfit.map(why -> new Refusal("", why.reason(), why.message()));
  }

  /** Its class decides, then what it tolerates, then the node. */
  private static String handler(PodContext pod) throws ProviderFailure {
    String runtimeClass = pod.plan().runtimeClass();
    if (runtimeClass.isEmpty()) {
      return withoutClass(pod);
    }
    try {
      return pod.node().cluster().handler(pod.record().source(), pod.plan().ofCluster(), runtimeClass);
    } catch (ProviderFailure unknown) {
      pod.events().event("", EventSink.WARNING, "FailedCreatePodSandBox", unknown.getMessage());
      throw unknown;
    }
  }

  private static String withoutClass(PodContext pod) {
    String tolerated = pod.plan().toleratedHandler();
    return tolerated.isEmpty() ? pod.node().defaultHandler().get() : tolerated;
  }

  private static boolean otherDefault(PodContext pod, String handler) {
    return pod.plan().runtimeClass().isEmpty() && !withoutClass(pod).equals(handler);
  }

  @Override
  public PodTransitions.AfterAdmission onFailure(PodContext pod, ProviderFailure failure) {
    return new Admission(BackOff.next(tries, failure), "AdmissionError", failure.getMessage());
  }

  @Override
  public PodTransitions.AfterAdmission onStop(PodContext pod, StopReason why) {
    return pod.inbox().stopRequest().isPresent() ? new Terminating(0, "") : Ending.asked(pod);
  }
}

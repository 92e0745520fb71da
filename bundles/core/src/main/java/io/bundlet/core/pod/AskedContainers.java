package io.bundlet.core.pod;

import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.statemachine.StopRequested;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ephemeral containers that an API server asks for and that the pod does not have yet. They are left here by
 * whoever hears of them, and added by the pod's worker while the pod runs, each once, if its provider takes them.
 */
final class AskedContainers {
  private static final Logger LOG = LoggerFactory.getLogger(AskedContainers.class);

  private record Asked(EphemeralContainer container, Function<Pod, Map<String, Object>> tree) {}

  private final PodContext pod;
  private final Map<String, Asked> asked = new LinkedHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  AskedContainers(PodContext pod) {
    this.pod = pod;
  }

  /**
   * The pod is wanted with these. Never blocks.
   *
   * @param tree makes the form in which the pod is remembered
   */
  void wanted(List<EphemeralContainer> all, Function<Pod, Map<String, Object>> tree) {
    Set<String> known = names();
    boolean more = false;
    synchronized (asked) {
      for (EphemeralContainer one : all) {
        more |= !known.contains(one.getName()) && !refused.contains(one.getName())
            && asked.putIfAbsent(one.getName(), new Asked(one, tree)) == null;
      }
    }
    if (more) {
      pod.inbox().changed();
    }
  }

  private Set<String> names() {
    return pod.plan().all().all().stream().map(PodContainers.Member::name).collect(Collectors.toSet());
  }

  /** Adds what was asked for. For the pod's worker, while the pod has its sandbox. */
  void add() throws StopRequested, InterruptedException {
    List<Asked> all;
    synchronized (asked) {
      all = List.copyOf(asked.values());
    }
    Optional<ProviderHandle> provider = pod.provider();
    for (Asked one : all) {
      if (provider.isEmpty()) {
        return; // looked at again when it is back
      }
      try {
        add(provider.get(), one);
      } catch (ProviderFailure later) {
        LOG.warn("pod {} does not get the container {} yet: {}", pod.plan().id(), one.container().getName(),
            later.getMessage());
        continue;
      }
      synchronized (asked) {
        asked.remove(one.container().getName());
      }
    }
  }

  private void add(ProviderHandle provider, Asked one) throws ProviderFailure, StopRequested, InterruptedException {
    EphemeralContainer container = one.container();
    Map<String, Object> manifest = one.tree().apply(with(pod.plan().pod(), container));
    PodRequest request = new PodRequest(pod.plan().id(), pod.record().handler(), manifest);
    Optional<Refusal> refusal = pod.child("admit", () -> provider.admit(request));
    if (refusal.isPresent()) {
      refused.add(container.getName());
      tell(container, refusal.get().reason(), refusal.get().field() + ": " + refusal.get().message());
      return;
    }
    if (container.getTargetContainerName() != null && !container.getTargetContainerName().isEmpty()
        && !provider.processTargets()) {
      tell(container, "PodFeatureUnsupported", "spec.ephemeralContainers[].targetContainerName: what runs this pod"
          + " does not let a container see another's processes; it runs beside them");
    }
    synchronized (pod.plan()) {
      Pod now = with(pod.plan().pod(), container);
      pod.plan().update(now);
      pod.memory().note(record -> record.withManifest(one.tree().apply(now)));
    }
    // on disk before it is made
    pod.memory().change(record -> record);
  }

  private static Pod with(Pod pod, EphemeralContainer more) {
    return new PodBuilder(pod).editSpec().addToEphemeralContainers(more).endSpec().build();
  }

  private void tell(EphemeralContainer container, String reason, String message) {
    pod.events().event(ContainerType.EPHEMERAL.fieldPath(container.getName()), EventSink.WARNING, reason, message);
  }
}

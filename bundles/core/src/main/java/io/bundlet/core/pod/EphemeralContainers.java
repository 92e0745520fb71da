package io.bundlet.core.pod;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.store.PodRecord;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Adds ephemeral containers to a running pod, in the thread of who asks for it. */
final class EphemeralContainers {
  private final PodContext pod;

  EphemeralContainers(PodContext pod) {
    this.pod = pod;
  }

  void add(PodSpec spec, Map<String, Object> before, Map<String, Object> after)
      throws AdminFailure, InterruptedException {
    PodRecord record = pod.record();
    if (record.sandboxId().isEmpty() || leaving(record)) {
      throw new AdminFailure("pod " + pod.plan().id() + " does not run; pod:info says how it is");
    }
    try {
      ProviderHandle provider = pod.node().providers().here(record.provider());
      String target = Objects.toString(spec.getEphemeralContainers().getLast().getTargetContainerName(), "");
      if (!target.isEmpty() && !provider.processTargets()) {
        throw new AdminFailure("PodFeatureUnsupported: spec.ephemeralContainers[].targetContainerName: what runs this"
            + " pod does not let a container see another's processes; leave the target out");
      }
      Optional<Refusal> refusal = provider.admit(new PodRequest(pod.plan().id(), record.handler(), after));
      if (refusal.isPresent()) {
        throw new AdminFailure(
            refusal.get().reason() + ": " + refusal.get().field() + ": " + refusal.get().message());
      }
      PodRecord changed =
          pod.memory().change(
              known -> known.manifest().equals(before) && !leaving(known) ? known.withManifest(after) : known);
      if (!changed.manifest().equals(after)) {
        throw new AdminFailure("pod " + pod.plan().id() + " has changed meanwhile; try again");
      }
    } catch (ProviderFailure failure) {
      throw new AdminFailure("pod " + pod.plan().id() + " gets no container: " + failure.getMessage(), failure);
    }
    synchronized (pod.plan()) {
      pod.plan().containers(spec);
    }
    pod.inbox().changed();
  }

  private static boolean leaving(PodRecord record) {
    return record.end().isPresent() || record.ending().isPresent() || record.terminating().isPresent();
  }
}

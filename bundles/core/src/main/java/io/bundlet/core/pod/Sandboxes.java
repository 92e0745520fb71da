package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.provider.ProviderWork;
import java.util.List;

/** Finds and removes all sandboxes of a pod, also those that no record knows. */
final class Sandboxes {
  private Sandboxes() {}

  /** A way to call the pod's provider: with heed to a stop request, or without. */
  @FunctionalInterface
  interface Caller<E extends Exception> {
    <T> T call(String what, ProviderWork<T> work) throws ProviderFailure, InterruptedException, E;
  }

  static <E extends Exception> void removeAll(PodContext pod, Caller<E> caller)
      throws ProviderFailure, InterruptedException, E {
    List<SandboxId> all = caller.call("list", provider -> ofPod(pod, provider.list(pod.node().owner()).sandboxes()));
    for (SandboxId sandbox : all) {
      caller.call(
          "remove-sandbox",
          provider -> {
            provider.stopSandbox(sandbox);
            provider.removeSandbox(sandbox);
            return sandbox;
          });
    }
  }

  private static List<SandboxId> ofPod(PodContext pod, List<SandboxStatus> all) {
    return all.stream()
        .filter(sandbox -> sandbox.pod().uid().equals(pod.plan().id().uid()))
        .map(SandboxStatus::id)
        .toList();
  }
}

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

  /** Removes them all. @return the highest attempt among them; -1 if there was none */
  static <E extends Exception> int removeAll(PodContext pod, Caller<E> caller)
      throws ProviderFailure, InterruptedException, E {
    return remove(caller.call("list", present(pod)), caller);
  }

  /** Finds them. */
  static ProviderWork<List<SandboxStatus>> present(PodContext pod) {
    return provider -> provider.sandboxes(pod.node().owner(), pod.plan().id());
  }

  /** Removes these. @return the highest attempt among them; -1 if there is none */
  static <E extends Exception> int remove(List<SandboxStatus> all, Caller<E> caller)
      throws ProviderFailure, InterruptedException, E {
    for (SandboxStatus status : all) {
      SandboxId sandbox = status.id();
      caller.call(
          "remove-sandbox",
          provider -> {
            provider.stopSandbox(sandbox);
            provider.removeSandbox(sandbox);
            return sandbox;
          });
    }
    return all.stream().mapToInt(SandboxStatus::attempt).max().orElse(-1);
  }
}

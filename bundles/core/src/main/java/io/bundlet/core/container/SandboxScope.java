package io.bundlet.core.container;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;

/**
 * What a container runs in.
 *
 * @param pod its pod
 * @param provider the name of the provider that runs it
 * @param sandbox its sandbox
 * @param config what the sandbox was made with
 * @param address where the sandbox's ports are: its own address or, if it has none, the host's
 */
public record SandboxScope(PodId pod, String provider, SandboxId sandbox, SandboxConfig config, String address) {
  /** The pod as Kubernetes' messages name it. */
  String podText() {
    return pod.name() + "_" + pod.namespace() + "(" + pod.uid() + ")";
  }
}

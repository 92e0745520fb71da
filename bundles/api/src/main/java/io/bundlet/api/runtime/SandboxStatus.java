package io.bundlet.api.runtime;

import java.time.Instant;
import java.util.List;

/**
 * A sandbox as its runtime sees it.
 *
 * @param id its id
 * @param pod the pod that it was made for
 * @param attempt the attempt that it was made with
 * @param ready whether containers can run in it
 * @param addresses the pod's addresses, the first one being the pod's address; empty when it shares the host's
 * @param createdAt when it was made
 */
public record SandboxStatus(
    SandboxId id, PodId pod, int attempt, boolean ready, List<String> addresses, Instant createdAt) {
  public SandboxStatus {
    addresses = List.copyOf(addresses);
  }
}

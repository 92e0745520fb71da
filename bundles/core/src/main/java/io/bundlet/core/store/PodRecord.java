package io.bundlet.core.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of a pod.
 *
 * @param uid its uid
 * @param source the source that wanted it
 * @param manifest the pod as it was wanted, in Kubernetes' JSON form
 * @param provider the provider that runs it for all its life; empty before one was chosen
 * @param handler the runtime handler that was chosen with it
 * @param sandboxAttempt the attempt of the present sandbox; -1 before the first
 * @param sandboxId the present sandbox; empty while there is none
 * @param startedAt when the node took the pod on
 * @param end how the pod ended; empty while it has not
 * @param terminating since when and with what grace it is being ended; empty while it is not
 * @param containers what is remembered of its containers, by name
 */
public record PodRecord(
    String uid,
    String source,
    Map<String, Object> manifest,
    String provider,
    String handler,
    int sandboxAttempt,
    String sandboxId,
    Instant startedAt,
    Optional<End> end,
    Optional<Termination> terminating,
    Map<String, ContainerRecord> containers) {
  /**
   * How a pod ended.
   *
   * @param phase {@code Succeeded} or {@code Failed}
   * @param reason one word, or empty
   * @param message for people, or empty
   * @param disrupted whether the node, not the pod, ended it
   * @param at when
   */
  public record End(String phase, String reason, String message, boolean disrupted, Instant at) {}

  /**
   * A pod's ending.
   *
   * @param reason for people and logs
   * @param graceSeconds from {@code since} to the forced end
   * @param since when it was asked for
   */
  public record Termination(String reason, long graceSeconds, Instant since) {}

  public PodRecord {
    containers = Map.copyOf(containers);
  }

  /** A pod that was just taken on. */
  public static PodRecord fresh(String uid, String source, Map<String, Object> manifest, Instant now) {
    return new PodRecord(
        uid, source, manifest, "", "", -1, "", now, Optional.empty(), Optional.empty(), Map.of());
  }

  public PodRecord withProvider(String name, String chosenHandler) {
    return new PodRecord(
        uid, source, manifest, name, chosenHandler, sandboxAttempt, sandboxId, startedAt, end, terminating, containers);
  }

  public PodRecord withSandbox(int attempt, String id) {
    return new PodRecord(
        uid, source, manifest, provider, handler, attempt, id, startedAt, end, terminating, containers);
  }

  public PodRecord withEnd(End how) {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, Optional.of(how), terminating,
        containers);
  }

  public PodRecord withTermination(Termination how) {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, Optional.of(how),
        containers);
  }

  public PodRecord withContainer(ContainerRecord container) {
    Map<String, ContainerRecord> all = new LinkedHashMap<>(containers);
    all.put(container.name(), container);
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, terminating, all);
  }

  /** What is remembered of this container; fresh if nothing is. */
  public ContainerRecord container(String name) {
    ContainerRecord known = containers.get(name);
    return known == null ? ContainerRecord.fresh(name) : known;
  }
}

package io.bundlet.core.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
 * @param ending how it is to end, once its containers have; empty while nothing has decided so
 * @param initializedIn the attempt of the sandbox in which its init containers are done; empty before the first
 * @param containers what is remembered of its containers, by name
 * @param runtime the name of the runtime below the provider, as it stands before a container's id; empty before a
 *     provider was chosen
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
    Optional<Ending> ending,
    Optional<Integer> initializedIn,
    Map<String, ContainerRecord> containers,
    String runtime) {
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

  /**
   * What ends a pod that nobody has deleted. Until its containers have ended it is shown as it was.
   *
   * @param end how it will have ended
   * @param phase its phase meanwhile
   * @param graceSeconds what its containers get from {@code since} on
   * @param since when it was decided
   */
  public record Ending(End end, String phase, long graceSeconds, Instant since) {}

  public PodRecord {
    // A version before this one did not write these three.
    ending = ending == null ? Optional.empty() : ending;
    initializedIn = initializedIn == null ? Optional.empty() : initializedIn;
    runtime = runtime == null ? provider : runtime;
    containers = Map.copyOf(containers);
  }

  /** A pod that was just taken on. */
  public static PodRecord fresh(String uid, String source, Map<String, Object> manifest, Instant now) {
    return new PodRecord(
        uid, source, manifest, "", "", -1, "", now, Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Map.of(), "");
  }

  public PodRecord withManifest(Map<String, Object> changed) {
    return new PodRecord(
        uid, source, changed, provider, handler, sandboxAttempt, sandboxId, startedAt, end, terminating, ending,
        initializedIn, containers, runtime);
  }

  /** It is run by this provider, with this handler; the runtime below it is called so. */
  public PodRecord withProvider(String name, String chosenHandler, String runtimeName) {
    return new PodRecord(
        uid, source, manifest, name, chosenHandler, sandboxAttempt, sandboxId, startedAt, end, terminating, ending,
        initializedIn, containers, runtimeName);
  }

  public PodRecord withSandbox(int attempt, String id) {
    return new PodRecord(
        uid, source, manifest, provider, handler, attempt, id, startedAt, end, terminating, ending, initializedIn,
        containers, runtime);
  }

  public PodRecord withEnd(End how) {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, Optional.of(how), terminating,
        ending, initializedIn, containers, runtime);
  }

  public PodRecord withTermination(Termination how) {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, Optional.of(how), ending,
        initializedIn, containers, runtime);
  }

  public PodRecord withEnding(Ending how) {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, terminating,
        Optional.of(how), initializedIn, containers, runtime);
  }

  /**
   * The same pod, not ended any more, as if the node had just taken it on; its containers start over with their next
   * attempts.
   *
   * @param but the containers that do not
   */
  public PodRecord revived(Instant now, Set<String> but) {
    Map<String, ContainerRecord> again = new LinkedHashMap<>(containers);
    again.replaceAll((name, container) -> but.contains(name) ? container : container.revived());
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, "", now, Optional.empty(), terminating,
        Optional.empty(), Optional.empty(), again, runtime);
  }

  /** The same pod, which need not end. */
  public PodRecord withoutEnding() {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, terminating,
        Optional.empty(), initializedIn, containers, runtime);
  }

  /** Its init containers are done in the present sandbox. */
  public PodRecord withInitDone() {
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, terminating, ending,
        Optional.of(sandboxAttempt), containers, runtime);
  }

  public PodRecord withContainer(ContainerRecord container) {
    Map<String, ContainerRecord> all = new LinkedHashMap<>(containers);
    all.put(container.name(), container);
    return new PodRecord(
        uid, source, manifest, provider, handler, sandboxAttempt, sandboxId, startedAt, end, terminating, ending,
        initializedIn, all, runtime);
  }

  /** Whether its init containers are done in the present sandbox. */
  public boolean initDone() {
    return initializedIn.isPresent() && initializedIn.get() == sandboxAttempt;
  }

  /** What is remembered of this container; fresh if nothing is. */
  public ContainerRecord container(String name) {
    ContainerRecord known = containers.get(name);
    return known == null ? ContainerRecord.fresh(name) : known;
  }
}

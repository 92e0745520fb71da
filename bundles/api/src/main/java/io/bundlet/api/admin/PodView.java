package io.bundlet.api.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pod as it is now.
 *
 * @param namespace its namespace
 * @param name its name
 * @param uid its uid
 * @param source the name of the source that it came from
 * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed} or {@code Unknown}
 * @param state the state of its machine
 * @param reason one word when something holds it up or ended it, else empty
 * @param message the same for people, else empty
 * @param handler the runtime handler that it runs with; empty before one is chosen
 * @param provider the provider that runs it; empty before one is chosen
 * @param address its address; empty without one
 * @param restartPolicy {@code Always}, {@code OnFailure} or {@code Never}
 * @param startedAt when the node took it on
 * @param conditions its conditions
 * @param containers its regular containers, in the manifest's order
 * @param initContainers its init containers and sidecars, in the manifest's order
 * @param ephemeralContainers those that were added to the running pod, in the order of that
 * @param qosClass {@code Guaranteed}, {@code Burstable} or {@code BestEffort}; empty when its resources are no amounts
 */
public record PodView(
    String namespace,
    String name,
    String uid,
    String source,
    String phase,
    String state,
    String reason,
    String message,
    String handler,
    String provider,
    String address,
    String restartPolicy,
    Optional<Instant> startedAt,
    List<ConditionView> conditions,
    List<ContainerView> containers,
    List<ContainerView> initContainers,
    List<ContainerView> ephemeralContainers,
    String qosClass) {
  public PodView {
    conditions = List.copyOf(conditions);
    containers = List.copyOf(containers);
    initContainers = List.copyOf(initContainers);
    ephemeralContainers = List.copyOf(ephemeralContainers);
  }

  /** A pod of regular containers alone, whose class of service is not known. */
  public PodView(
      String namespace,
      String name,
      String uid,
      String source,
      String phase,
      String state,
      String reason,
      String message,
      String handler,
      String provider,
      String address,
      String restartPolicy,
      Optional<Instant> startedAt,
      List<ConditionView> conditions,
      List<ContainerView> containers) {
    this(
        namespace, name, uid, source, phase, state, reason, message, handler, provider, address, restartPolicy,
        startedAt, conditions, containers, List.of(), List.of(), "");
  }
}

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
 * @param containers its containers, in the manifest's order
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
    List<ContainerView> containers) {
  public PodView {
    conditions = List.copyOf(conditions);
    containers = List.copyOf(containers);
  }
}

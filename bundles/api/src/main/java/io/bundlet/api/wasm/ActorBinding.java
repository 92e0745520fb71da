package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import java.util.Map;

/**
 * A running actor's tie to a capability.
 *
 * @param actor the actor's container
 * @param pod the actor's pod
 * @param values the binding's configuration
 */
public record ActorBinding(ContainerId actor, PodId pod, Map<String, String> values) {
  public ActorBinding {
    values = Map.copyOf(values);
  }
}

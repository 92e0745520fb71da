package io.bundlet.kubernetes;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.util.Optional;

/** The runtime classes of a cluster: names for runtime handlers. A service beside the pod source of the same name. */
public interface RuntimeClasses {
  /** The name of the pod source that this belongs to. */
  String name();

  /**
   * The handler that a runtime class names; empty when there is no such class. Returns at once.
   *
   * @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} while they are not known yet
   */
  Optional<String> handler(String runtimeClass) throws ProviderFailure;

  /**
   * Hears when they have changed.
   *
   * @param changed never blocks
   */
  Subscription watch(Runnable changed);
}

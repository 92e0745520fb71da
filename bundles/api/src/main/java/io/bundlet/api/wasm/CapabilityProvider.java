package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ProviderFailure;
import org.osgi.annotation.versioning.ConsumerType;

/** Serves what actors ask of their host under one capability id. A service with the property {@link #CAPABILITY}. */
@ConsumerType
public interface CapabilityProvider {
  /** Service property: the capability id, such as {@code bundlet:line}. */
  String CAPABILITY = "wascc.capability";

  /**
   * Does one call of an actor. Runs on the actor's thread; may block; ends within one second of an interrupt.
   *
   * @throws ProviderFailure becomes an error to the actor
   */
  byte[] call(Invocation invocation) throws ProviderFailure;
}

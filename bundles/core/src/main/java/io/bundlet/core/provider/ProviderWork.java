package io.bundlet.core.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;

/** Something to be done with a provider, in a thread that may be interrupted. */
@FunctionalInterface
public interface ProviderWork<T> {
  /** Does it; blocks. */
  T with(RuntimeProvider provider) throws ProviderFailure;
}

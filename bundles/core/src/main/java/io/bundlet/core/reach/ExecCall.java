package io.bundlet.core.reach;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.provider.ProviderRegistry;

/** Runs a command in one container. */
@FunctionalInterface
public interface ExecCall {
  /** Runs it; blocks, and ends within a second of an interrupt. Fails as {@link ExecPart#execSync} says. */
  ExecResult run(Exec exec) throws ProviderFailure;

  /** Goes to whoever is the container's provider at the time of each call, through its gate. */
  static ExecCall through(ProviderRegistry providers, String provider, ContainerId container) {
    return exec ->
        providers
            .named(provider)
            .orElseThrow(() -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, providers.whyAbsent(provider)))
            .with(
                entered ->
                    entered
                        .part(ExecPart.class)
                        .orElseThrow(() -> lacking(provider))
                        .execSync(container, exec));
  }

  private static ProviderFailure lacking(String provider) {
    return ProviderFailure.of(
        ProviderFailure.UNSUPPORTED, "the runtime provider " + provider + " cannot run a command in a container");
  }
}

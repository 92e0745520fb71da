package io.bundlet.core.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxStatus;

/** What the providers tell the core. Implementations never block. */
public interface ProviderEvents {
  /** A container is now like this. */
  void container(ContainerStatus status);

  /** A sandbox is now like this. */
  void sandbox(SandboxStatus status);

  /**
   * A provider's full list. What was made before the list was asked for and is not in it is gone.
   *
   * @param askedAtNanos the monotonic time just before the list was asked for
   */
  void listed(String provider, RuntimeSnapshot all, long askedAtNanos);

  /** Providers or handlers came, went or changed. */
  void changed();
}

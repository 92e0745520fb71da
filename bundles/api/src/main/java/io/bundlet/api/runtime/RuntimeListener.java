package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears what happens in a runtime. Statuses are full, come at least once, and in order for one id. An implementation
 * never blocks and never throws: it notes the value and returns. It may be called from any thread.
 */
@ConsumerType
public interface RuntimeListener {
  /** A container is now like this. */
  void container(ContainerStatus status);

  /** A sandbox is now like this. */
  void sandbox(SandboxStatus status);

  /** The runtime itself is now like this; handlers may have come or gone. */
  void runtime(RuntimeStatus status);

  /** Something may have been missed: list again. */
  void gap();
}

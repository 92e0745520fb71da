package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.RemoveContainerRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.Signal;
import java.util.Optional;

/**
 * The signals that ask containers to end. Runtimes before CRI of Kubernetes 1.33 skip the field in silence and say
 * nowhere what they know; so a container for which one was asked is looked at before it is started.
 */
final class StopSignals {
  private StopSignals() {}

  /** The signal of this name; {@code RUNTIME_DEFAULT} when there is no name, empty when there is no such signal. */
  static Optional<Signal> of(String name) {
    String wanted = name.replace("+", "PLUS").replace("-", "MINUS");
    for (Signal signal : Signal.values()) {
      boolean real = signal != Signal.UNRECOGNIZED && signal != Signal.RUNTIME_DEFAULT;
      if (real && signal.name().equals(wanted) || name.isEmpty() && signal == Signal.RUNTIME_DEFAULT) {
        return Optional.of(signal);
      }
    }
    return Optional.empty();
  }

  /** Removes a container that was just made if it would not be asked by this signal. @param name empty: by any */
  static void verify(Connection connection, String container, String name, String what) throws ProviderFailure {
    if (name.isEmpty()) {
      return;
    }
    Signal known = connection.call(RuntimeServiceGrpc.getContainerStatusMethod(),
        ContainerStatusRequest.newBuilder().setContainerId(container).build(), connection.ask(), what)
        .getStatus().getStopSignal();
    if (!of(name).equals(Optional.of(known))) {
      connection.call(RuntimeServiceGrpc.getRemoveContainerMethod(),
          RemoveContainerRequest.newBuilder().setContainerId(container).build(), connection.act(), what);
      throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, what + ": lifecycle.stopSignal: the container runtime"
          + " does not know signals to stop by; take the field out, or use a runtime with CRI of Kubernetes 1.33")
          .withReason("CreateContainerError");
    }
  }
}

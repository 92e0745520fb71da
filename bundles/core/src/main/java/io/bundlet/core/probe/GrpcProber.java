package io.bundlet.core.probe;

import io.bundlet.api.probe.GrpcAnswer;
import io.bundlet.api.probe.GrpcCheck;
import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.reach.ContainerTarget;
import io.fabric8.kubernetes.api.model.GRPCAction;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Probes by the gRPC health protocol, through a service, because the core speaks no gRPC. */
final class GrpcProber {
  private GrpcProber() {}

  static ProbeResult attempt(GRPCAction action, ContainerTarget target, ProbeNode node, Duration timeout) {
    Optional<GrpcHealth> driver = node.grpc().get();
    if (driver.isEmpty()) {
      return new ProbeResult.Unknown("nobody here speaks gRPC; install the bundle io.bundlet.probe-grpc");
    }
    String service = Objects.toString(action.getService(), "");
    int port = action.getPort() == null ? 0 : action.getPort();
    if (port < 1 || port > 65_535) {
      return new ProbeResult.Unknown("the port " + port + " is not between 1 and 65535");
    }
    try {
      GrpcAnswer answer =
          driver.get().check(new GrpcCheck(target.address(), port, service, timeout, ProbeNode.USER_AGENT));
      return answer.serving() ? new ProbeResult.Success("") : new ProbeResult.Failure(answer.message());
    } catch (ProviderFailure notAsked) {
      return new ProbeResult.Unknown(notAsked.getMessage());
    }
  }
}

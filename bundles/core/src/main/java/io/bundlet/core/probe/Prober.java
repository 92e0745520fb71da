package io.bundlet.core.probe;

import io.bundlet.core.reach.ContainerTarget;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;

/** Makes one attempt at a probe. */
@FunctionalInterface
interface Prober {
  /** How much longer than its own timeout an exec attempt is waited for: the runtime ends the command and says so. */
  Duration EXEC_SLACK = Duration.ofSeconds(2);

  /** Asks the container; blocks until an interrupt, in a virtual thread of the attempt's own. Never throws. */
  ProbeResult attempt();

  /** How long after the probe's timeout an attempt may go on. */
  default Duration slack() {
    return Duration.ZERO;
  }

  /** The prober for the handler that the probe has. */
  static Prober of(Probe probe, Container container, ContainerTarget target, ProbeNode node, Duration timeout) {
    if (probe.getExec() != null) {
      return new ExecProber(probe.getExec().getCommand(), container.getEnv(), timeout, target);
    }
    if (probe.getHttpGet() != null) {
      return () -> HttpProber.attempt(probe.getHttpGet(), target);
    }
    if (probe.getTcpSocket() != null) {
      return () -> TcpProber.attempt(probe.getTcpSocket(), target);
    }
    if (probe.getGrpc() != null) {
      return () -> GrpcProber.attempt(probe.getGrpc(), target, node, timeout);
    }
    return () -> new ProbeResult.Unknown("the probe has no handler; give it exec, httpGet, tcpSocket or grpc");
  }
}

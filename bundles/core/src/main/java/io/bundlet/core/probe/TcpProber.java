package io.bundlet.core.probe;

import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.reach.TcpConnect;
import io.bundlet.core.reach.Unreachable;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.io.IOException;

/** Probes by a TCP connection: that it is taken is success. */
final class TcpProber {
  private TcpProber() {}

  static ProbeResult attempt(TCPSocketAction action, ContainerTarget target) {
    TcpConnect connect;
    try {
      connect = TcpConnect.of(action, target);
    } catch (Unreachable wrong) {
      return new ProbeResult.Unknown(wrong.getMessage());
    }
    try {
      connect.run();
      return new ProbeResult.Success("");
    } catch (IOException failed) {
      return new ProbeResult.Failure("dial tcp " + connect.host() + " port " + connect.port() + ": "
          + Texts.of(failed));
    }
  }
}

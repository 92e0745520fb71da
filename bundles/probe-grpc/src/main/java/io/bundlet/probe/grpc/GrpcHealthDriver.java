package io.bundlet.probe.grpc;

import io.bundlet.api.probe.GrpcAnswer;
import io.bundlet.api.probe.GrpcCheck;
import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.api.runtime.ProviderFailure;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The service. gRPC is loaded by the first check: a node without gRPC probes does not pay for it. */
@Component(service = GrpcHealth.class)
public final class GrpcHealthDriver implements GrpcHealth {
  private HealthClient client;
  private boolean stopped;

  @Override
  public GrpcAnswer check(GrpcCheck check) throws ProviderFailure {
    return client().check(check);
  }

  private synchronized HealthClient client() throws ProviderFailure {
    if (stopped) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the driver for gRPC probes is gone");
    }
    if (client == null) {
      client = new HealthClient();
    }
    return client;
  }

  /** Ends the checks under way. */
  @Deactivate
  public void deactivate() {
    HealthClient toClose;
    synchronized (this) {
      stopped = true;
      toClose = client;
    }
    if (toClose != null) {
      toClose.close();
    }
  }
}

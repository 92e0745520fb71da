package io.bundlet.api.probe;

import io.bundlet.api.runtime.ProviderFailure;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Asks a server how it is, by the gRPC health checking protocol ({@code grpc.health.v1.Health/Check}). A service.
 *
 * <p><b>Threads.</b> Any, several at a time. Activation of the component does no I/O.
 */
@ConsumerType
public interface GrpcHealth {
  /**
   * Asks once, over a connection of its own without TLS, and closes it.
   *
   * <p><b>Blocking.</b> At most for the check's timeout; an interrupt ends it within one second. Nothing that the
   * server sends is trusted: answers are bounded.
   *
   * @return what there is to say about the server; one that cannot be reached or does not answer in time is not serving
   * @throws ProviderFailure when the server could not be asked, which says nothing about it: the driver is leaving
   *     ({@link ProviderFailure#UNAVAILABLE}), the call was interrupted (the same), the driver has a defect
   *     ({@link ProviderFailure#INTERNAL})
   */
  GrpcAnswer check(GrpcCheck check) throws ProviderFailure;
}

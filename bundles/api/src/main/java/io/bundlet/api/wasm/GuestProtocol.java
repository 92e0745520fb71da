package io.bundlet.api.wasm;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A host module whose guests do not run from a start to an end but answer requests, such as waPC. The methods run on
 * the guest's thread.
 */
@ConsumerType
public interface GuestProtocol extends HostModule {
  /** Readies a fresh instance: calls its initialisers, if it has any. @throws GuestTrap when it cannot be readied */
  void open(GuestContext guest, GuestCalls calls) throws GuestTrap;

  /**
   * Puts one request to the guest and gives its answer.
   *
   * @throws GuestTrap when the guest trapped; the instance is replaced before the next request
   * @throws RequestFailure when the guest answered with an error
   */
  byte[] request(GuestContext guest, GuestCalls calls, String operation, byte[] payload)
      throws GuestTrap, RequestFailure;
}

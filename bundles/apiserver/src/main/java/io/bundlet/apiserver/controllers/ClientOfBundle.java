package io.bundlet.apiserver.controllers;

import io.bundlet.apiserver.client.Clients;
import io.bundlet.apiserver.client.Connections;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * Gives each bundle a client of its own over the same connections. A client remembers the classes that it has read
 * objects into; if several bundles shared one, none of them could ever be unloaded.
 */
final class ClientOfBundle implements ServiceFactory<KubernetesClient> {
  private final Connections connections;

  ClientOfBundle(Connections connections) {
    this.connections = connections;
  }

  @Override
  public KubernetesClient getService(Bundle bundle, ServiceRegistration<KubernetesClient> registration) {
    return Clients.forController(connections);
  }

  @Override
  public void ungetService(
      Bundle bundle, ServiceRegistration<KubernetesClient> registration, KubernetesClient client) {
    client.close();
  }
}

package io.bundlet.apiserver.client;

import io.fabric8.kubernetes.client.http.HttpClient;

/** Gives out clients that all send over the same connections. */
final class RoutedHttpClientFactory implements HttpClient.Factory {
  private final Connections connections;

  RoutedHttpClientFactory(Connections connections) {
    this.connections = connections;
  }

  Connections connections() {
    return connections;
  }

  @Override
  public HttpClient.Builder newBuilder() {
    return new RoutedHttpClientBuilder(this);
  }
}

package io.bundlet.apiserver.client;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes clients over the factory's connections; what it is told of TLS and proxies is not its business. */
final class RoutedHttpClientBuilder
    extends StandardHttpClientBuilder<RoutedHttpClient, RoutedHttpClientFactory, RoutedHttpClientBuilder> {
  RoutedHttpClientBuilder(RoutedHttpClientFactory factory) {
    super(factory);
  }

  @Override
  public HttpClient build() {
    return new RoutedHttpClient(this, client == null ? new AtomicBoolean() : client.getClosed(),
        clientFactory.connections());
  }

  @Override
  protected RoutedHttpClientBuilder newInstance(RoutedHttpClientFactory factory) {
    return new RoutedHttpClientBuilder(factory);
  }
}

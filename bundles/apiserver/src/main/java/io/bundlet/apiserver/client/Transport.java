package io.bundlet.apiserver.client;

import io.bundlet.apiserver.kubeconfig.Access;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connections that were made for one way to the server. Closed, it ends whatever is under way over them. */
final class Transport implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final ExecutorService threads;
  private final HttpClient http;
  private final JdkHttpClientImpl client;
  private final long made = System.nanoTime();

  Transport(Access access) throws GeneralSecurityException {
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-http-", 0).factory());
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT).executor(threads)
        .sslContext(Tls.context(access)).proxy(access.proxy().map(ProxySelector::of)
            .orElse(HttpClient.Builder.NO_PROXY));
    http = builder.build();
    client = new JdkHttpClientImpl(new JdkHttpClientFactory().newBuilder(), http, new AtomicBoolean());
  }

  JdkHttpClientImpl client() {
    return client;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - made);
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdown();
  }
}

package io.bundlet.kubeletapi.server;

import io.bundlet.kubeletapi.endpoint.Health;
import io.bundlet.kubeletapi.route.Router;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both servers, from their start to their end. */
public final class Servers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);
  private static final String HTTP = "http/1.1";
  private static final String SOCKETS = "kubelet-api-sockets";
  private static final int MAX_THREADS = 8;
  private static final int STOP_MILLIS = 1000;
  private static final int SESSION_SECONDS = 600;

  private final ExecutorService requests =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kubelet-api-", 0).factory());
  private final Server secure;
  private final GuardedConnector secureSocket;
  private Server local;
  private GuardedConnector localSocket;

  private Servers(Places places, Limits limits, SSLContext tls, Router router, Health health) {
    HttpConfiguration http = http(limits);
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setSslContext(tls);
    ssl.setWantClientAuth(true);
    ssl.setRenegotiationAllowed(false);
    ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    ssl.setSslSessionTimeout(SESSION_SECONDS);
    SslConnectionFactory overTls = new SslConnectionFactory(ssl, HTTP);
    // Callers come by whatever name or address the node has; whom they meet they see by its certificate.
    overTls.setEnsureSecureRequestCustomizer(false);
    secure = server(requests);
    secureSocket = new GuardedConnector(secure, limits, overTls, new HttpConnectionFactory(http));
    secureSocket.setHost(places.address());
    secureSocket.setPort(places.port());
    secure.addConnector(secureSocket);
    secure.setHandler((Handler) new RequestHandler(router, secureSocket, limits));
    if (places.health()) {
      local = server(requests);
      localSocket = new GuardedConnector(local, limits, new HttpConnectionFactory(http));
      localSocket.setHost(places.healthAddress());
      localSocket.setPort(places.healthPort());
      local.addConnector(localSocket);
      local.setHandler((Handler) new LocalHealth(health));
    }
  }

  private static Server server(ExecutorService requests) {
    QueuedThreadPool sockets = new QueuedThreadPool(MAX_THREADS, 1);
    sockets.setName(SOCKETS);
    sockets.setReservedThreads(0);
    sockets.setVirtualThreadsExecutor(requests);
    sockets.setStopTimeout(STOP_MILLIS);
    Server server = new Server(sockets, new ScheduledExecutorScheduler("kubelet-api-clock", true, 1), null);
    server.setErrorHandler(new PlainErrors());
    server.setStopTimeout(0);
    return server;
  }

  private static HttpConfiguration http(Limits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(limits.headerBytes());
    http.setUriCompliance(UriCompliance.RFC3986);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setIdleTimeout(limits.idle().toMillis());
    return http;
  }

  /**
   * Starts them. Blocks for a moment.
   *
   * @throws Exception when an address cannot be listened at; nothing is left of them then
   */
  public static Servers start(Places places, SSLContext tls, Router router, Health health) throws Exception {
    return start(places, Limits.NODE, tls, router, health);
  }

  static Servers start(Places places, Limits limits, SSLContext tls, Router router, Health health) throws Exception {
    Servers made = new Servers(places, limits, tls, router, health);
    try {
      made.secure.start();
      if (made.local != null) {
        made.local.start();
      }
    } catch (Exception failed) {
      made.close();
      throw failed;
    }
    return made;
  }

  /** Where callers connect to. */
  public int port() {
    return secureSocket.getLocalPort();
  }

  /** Where the machine asks for the node's health; -1 when it cannot. */
  public int healthPort() {
    return localSocket == null ? -1 : localSocket.getLocalPort();
  }

  int connections() {
    return secureSocket.connections();
  }

  /** Ends what is under way, and them; some seconds at most. */
  @Override
  public void close() {
    for (Server server : local == null ? new Server[] {secure} : new Server[] {secure, local}) {
      try {
        server.stop();
        server.destroy();
      } catch (Exception failed) {
        LOG.warn("the server {} did not end as it should", server.getURI(), failed);
      }
    }
    requests.shutdownNow();
    try {
      if (!requests.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.warn("some requests of the kubelet's API do not end");
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}

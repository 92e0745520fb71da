package io.bundlet.apiserver;

import io.bundlet.apiserver.certificate.ClientBootstrap;
import io.bundlet.apiserver.client.Clients;
import io.bundlet.apiserver.client.Connections;
import io.bundlet.apiserver.kubeconfig.Access;
import io.bundlet.apiserver.kubeconfig.AccessFailure;
import io.bundlet.apiserver.kubeconfig.ExecPlugin;
import io.bundlet.apiserver.kubeconfig.Kubeconfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the way to the API server true to the files that describe it. One thread of its own reads them, every ten
 * seconds and when the server refuses who we are.
 */
@Component(service = ApiServer.class, configurationPid = "io.bundlet.apiserver",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ApiServerConfig.class)
public final class ApiConnection implements ApiServer {
  private static final Logger LOG = LoggerFactory.getLogger(ApiConnection.class);
  private static final long LOOK_SECONDS = 10;
  /** As long as there is something wrong. */
  private static final long LOOK_AGAIN_SECONDS = 2;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ExecPlugin plugin = new ExecPlugin();
  private final Kubeconfig reader = new Kubeconfig(plugin);
  private final Semaphore wanted = new Semaphore(0);
  private final AtomicLong refused = new AtomicLong(System.nanoTime() - TimeUnit.MINUTES.toNanos(1));
  private final Connections connections;
  private final Thread thread;
  private volatile ApiServerConfig config;
  private volatile KubernetesClient client;
  private String complaint = "";

  /** Begins to read; returns at once. */
  @Activate
  public ApiConnection(ApiServerConfig config) {
    this.config = config;
    connections = new Connections(this::refused);
    connections.rate(config.qps(), config.burst());
    thread = Thread.ofVirtual().name("api-connection").start(this::run);
  }

  @Modified
  void modified(ApiServerConfig config) {
    this.config = config;
    connections.rate(config.qps(), config.burst());
    wanted.release();
  }

  @Deactivate
  void stop() {
    thread.interrupt();
    connections.close();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    KubernetesClient last = client;
    if (last != null) {
      last.close();
    }
  }

  @Override
  public KubernetesClient client() {
    KubernetesClient made = client;
    if (made == null) {
      synchronized (this) {
        made = client;
        if (made == null) {
          made = Clients.over(connections);
          client = made;
        }
      }
    }
    return made;
  }

  @Override
  public String nodeName() {
    return config.node_name();
  }

  /** A server that refuses everything must not have a program run again and again. */
  private void refused() {
    long now = System.nanoTime();
    long last = refused.get();
    if (now - last > TimeUnit.SECONDS.toNanos(LOOK_SECONDS) && refused.compareAndSet(last, now)) {
      plugin.refuse();
    }
    wanted.release();
  }

  private void run() {
    try {
      while (true) {
        look();
        // What many requests ask for at once is done once, and not without a pause.
        Thread.sleep(PAUSE);
        if (wanted.tryAcquire(complaint.isEmpty() ? LOOK_SECONDS : LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)) {
          wanted.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The way to the API server is not looked after any more.");
    }
  }

  private void look() throws InterruptedException {
    try {
      connections.use(access());
      complaint = "";
    } catch (AccessFailure | GeneralSecurityException e) {
      connections.missing(e.getMessage());
      if (!e.getMessage().equals(complaint)) {
        complaint = e.getMessage();
        LOG.warn("The way to the API server cannot be used; what is known of it counts on: {}", complaint);
      }
    } catch (RuntimeException e) {
      LOG.error("The way to the API server cannot be read.", e);
    }
  }

  private Access access() throws AccessFailure, InterruptedException {
    ApiServerConfig now = config;
    String kubeconfig = now.kubeconfig();
    if (kubeconfig.isEmpty()) {
      throw new AccessFailure("no kubeconfig is given (--kubeconfig, or io.bundlet.apiserver:kubeconfig)");
    }
    if (kubeconfig.equals(Kubeconfig.IN_CLUSTER)) {
      return Kubeconfig.inCluster(System.getenv());
    }
    if (!now.bootstrap_kubeconfig().isEmpty() && !usable(Path.of(kubeconfig))) {
      bootstrap(now);
    }
    return reader.read(Path.of(kubeconfig));
  }

  /** Whether the node has got a certificate by which it can ask for the next one. */
  private boolean usable(Path kubeconfig) throws InterruptedException {
    try {
      Access access = reader.read(kubeconfig);
      return access.identity().chain().isEmpty()
          || access.identity().chain().getFirst().getNotAfter().toInstant().isAfter(Instant.now());
    } catch (AccessFailure missing) {
      LOG.debug("There is no usable kubeconfig yet: {}", missing.getMessage());
      return false;
    }
  }

  private void bootstrap(ApiServerConfig now) throws AccessFailure, InterruptedException {
    if (now.certificate_directory().isEmpty()) {
      throw new AccessFailure("there is no directory for certificates (--cert-dir)");
    }
    Path file = Path.of(now.bootstrap_kubeconfig());
    try {
      new ClientBootstrap(Path.of(now.certificate_directory())).run(reader.read(file), now.node_name(),
          Path.of(now.kubeconfig()));
    } catch (IOException | GeneralSecurityException e) {
      throw new AccessFailure("the node has no certificate yet (" + file + "): " + e.getMessage(), e);
    }
  }
}

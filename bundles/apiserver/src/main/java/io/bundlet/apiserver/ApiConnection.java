package io.bundlet.apiserver;

import io.bundlet.apiserver.certificate.ClientBootstrap;
import io.bundlet.apiserver.client.Clients;
import io.bundlet.apiserver.client.Connections;
import io.bundlet.apiserver.client.KeptConnections;
import io.bundlet.apiserver.kubeconfig.Access;
import io.bundlet.apiserver.kubeconfig.AccessFailure;
import io.bundlet.apiserver.kubeconfig.ExecPlugin;
import io.bundlet.apiserver.kubeconfig.Kubeconfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the API server as the configuration describes it: a kubeconfig, or what a pod is given, and before the
 * node has a certificate of its own the bootstrap.
 */
@Component(service = ApiServer.class, configurationPid = "io.bundlet.apiserver",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ApiServerConfig.class)
public final class ApiConnection implements ApiServer {
  private static final Logger LOG = LoggerFactory.getLogger(ApiConnection.class);

  private final ExecPlugin plugin = new ExecPlugin();
  private final Kubeconfig reader = new Kubeconfig(plugin);
  private final KeptConnections kept;
  private volatile ApiServerConfig config;
  private volatile KubernetesClient client;

  /** Begins to read; returns at once. */
  @Activate
  public ApiConnection(ApiServerConfig config) {
    this.config = config;
    kept = new KeptConnections("the node", Connections.OF_NODES, plugin, this::access);
    kept.connections().rate(config.qps(), config.burst());
  }

  @Modified
  void modified(ApiServerConfig config) {
    this.config = config;
    kept.connections().rate(config.qps(), config.burst());
    kept.look();
  }

  @Deactivate
  void stop() {
    kept.close();
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
          made = Clients.over(kept.connections());
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

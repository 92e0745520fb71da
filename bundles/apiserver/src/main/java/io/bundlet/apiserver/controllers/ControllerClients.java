package io.bundlet.apiserver.controllers;

import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.client.KeptConnections;
import io.bundlet.apiserver.kubeconfig.Access;
import io.bundlet.apiserver.kubeconfig.AccessFailure;
import io.bundlet.apiserver.kubeconfig.ExecPlugin;
import io.bundlet.apiserver.kubeconfig.Kubeconfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers a {@link KubernetesClient} to bundles of vendors, with the service property {@code bundlet.client=controllers}
 * and, as {@code bundlet.node.name}, the node's name in the cluster. Credentials and bounds are all controllers'
 * together; beyond the bounds requests wait for their turn at most ten seconds. The node's own requests never wait for
 * those of controllers.
 */
@Component(service = {}, immediate = true, configurationPid = "io.bundlet.apiserver.controllers",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ControllersConfig.class)
public final class ControllerClients {
  private final ExecPlugin plugin = new ExecPlugin();
  private final Kubeconfig reader = new Kubeconfig(plugin);
  private final KeptConnections kept;
  private final ServiceRegistration<KubernetesClient> registration;
  private volatile ControllersConfig config;

  /** Offers the client; whether the server can be reached with it shows when it is used. */
  @Activate
  public ControllerClients(BundleContext context, ControllersConfig config, @Reference ApiServer node) {
    this.config = config;
    kept = new KeptConnections("controllers", List.of(), plugin, this::access);
    kept.connections().rate(config.qps(), config.burst());
    registration = context.registerService(KubernetesClient.class, new ClientOfBundle(kept.connections()),
        new Hashtable<>(Map.of("bundlet.client", "controllers", "bundlet.node.name", node.nodeName())));
  }

  @Modified
  void modified(ControllersConfig config) {
    this.config = config;
    kept.connections().rate(config.qps(), config.burst());
    kept.look();
  }

  @Deactivate
  void stop() {
    registration.unregister();
    kept.close();
  }

  private Access access() throws AccessFailure, InterruptedException {
    String kubeconfig = config.kubeconfig();
    if (kubeconfig.isEmpty()) {
      throw new AccessFailure("no kubeconfig of controllers is given (io.bundlet.apiserver.controllers:kubeconfig)");
    }
    return reader.read(Path.of(kubeconfig));
  }
}

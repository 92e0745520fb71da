package io.bundlet.apiserver.client;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** Makes Kubernetes clients over connections. Takes some tenths of a second the first time. */
public final class Clients {
  private static final int REQUEST_MILLIS = 10_000;
  /** Doubled with each failure, up to half a minute. */
  private static final int RECONNECT_MILLIS = 1_000;

  /** The kinds that this bundle has to do with; others come as GenericKubernetesResource where no type is asked for. */
  private static final List<Class<? extends KubernetesResource>> KINDS = List.of(
      Pod.class, Node.class, ConfigMap.class, Secret.class, Service.class, Event.class, Status.class,
      RuntimeClass.class, Lease.class, CertificateSigningRequest.class);

  private Clients() {}

  /** A client that repeats nothing by itself. Closing it leaves the connections alone. */
  public static KubernetesClient over(Connections connections) {
    Config config = new ConfigBuilder(Config.empty())
        .withMasterUrl(RoutedHttpClient.ANYWHERE.toString())
        .withAutoConfigure(false)
        .withRequestTimeout(REQUEST_MILLIS)
        .withRequestRetryBackoffLimit(0)
        .withWatchReconnectLimit(0)
        .withUserAgent("bundlet")
        .build();
    return client(config, KINDS, connections);
  }

  /**
   * A client for a controller: requests are not repeated, but watches go on where they were cut. Closing it leaves the
   * connections alone. It keeps the classes that it was used with, so that each bundle has to have one of its own.
   */
  public static KubernetesClient forController(Connections connections) {
    Config config = new ConfigBuilder(Config.empty())
        .withMasterUrl(RoutedHttpClient.ANYWHERE.toString())
        .withAutoConfigure(false)
        .withRequestTimeout(REQUEST_MILLIS)
        .withRequestRetryBackoffLimit(0)
        .withWatchReconnectInterval(RECONNECT_MILLIS)
        .withOnlyHttpWatches(true)
        .withUserAgent("bundlet-controller")
        .build();
    return client(config, List.of(Status.class), connections);
  }

  private static KubernetesClient client(
      Config config, List<Class<? extends KubernetesResource>> kinds, Connections connections) {
    // Looking for all kinds that there are would load a thousand classes.
    KubernetesSerialization serialization = new KubernetesSerialization(JsonMapper.builder().build(), false);
    kinds.forEach(serialization::registerKubernetesResource);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new RoutedHttpClientFactory(connections))
        .withKubernetesSerialization(serialization)
        .withTaskExecutorSupplier(Executors::newVirtualThreadPerTaskExecutor)
        .build();
  }
}

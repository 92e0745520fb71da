package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.metrics.MetricsExporter;
import io.bundlet.kubeletapi.route.Refusal;
import io.bundlet.kubernetes.NodePods;
import io.bundlet.kubernetes.Reviews;
import io.bundlet.kubernetes.ServingIdentity;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The services that answers come from. Each may come and go at any time. For all threads. */
public final class Neighbours {
  private static final int AWAY = 503;

  /** A service that may be there. */
  public static final class Place<T> {
    private final String name;
    private final AtomicReference<T> service = new AtomicReference<>();

    Place(String name) {
      this.name = name;
    }

    /** It is there; another one is no more. */
    public void bind(T here) {
      service.set(here);
    }

    /** It goes. */
    public void unbind(T gone) {
      service.compareAndSet(gone, null);
    }

    /** The service, if it is there. */
    public Optional<T> now() {
      return Optional.ofNullable(service.get());
    }

    /** The service. @throws Refusal 503 while it is away */
    public T get() throws Refusal {
      return now().orElseThrow(() -> new Refusal(AWAY, name + " is not there at the moment; ask again later"));
    }
  }

  /** The node. */
  public final Place<NodeAdmin> node = new Place<>("the node's core");
  /** The way into its pods. */
  public final Place<PodStreams> streams = new Place<>("the way into the node's pods");
  /** Its pods. */
  public final Place<NodePods> pods = new Place<>("what knows the node's pods");
  /** Who says who somebody is. */
  public final Place<Reviews> reviews = new Place<>("what asks the API server");
  /** By what the node proves who it is. */
  public final Place<ServingIdentity> identity = new Place<>("the node's certificate");
  /** Who writes numbers. */
  public final Place<MetricsExporter> metrics = new Place<>("what writes metrics");
}

package io.bundlet.core.cluster;

import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.RuntimeClasses;
import java.util.List;
import java.util.Optional;

/** A cluster without services whose runtime classes are called as the handlers that they name. */
public final class PlainCluster implements RuntimeClasses {
  /** The node is in such a cluster from now on. */
  public static void join(Cluster cluster) {
    cluster.bindClasses(new PlainCluster());
    cluster.bindServices(namespace -> List.of());
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public Optional<String> handler(String runtimeClass) {
    return Optional.of(runtimeClass);
  }

  @Override
  public Subscription watch(Runnable changed) {
    return () -> {};
  }
}

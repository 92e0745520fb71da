package io.bundlet.kubeletapi.endpoint;

import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import io.bundlet.kubernetes.NodePods;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** The node's pods, or those of which something runs, as a list of Kubernetes. */
public final class Pods implements Endpoint {
  private final Neighbours neighbours;
  private final Function<NodePods, List<Pod>> which;
  private final Json json = new Json();

  /** Those that are chosen so. */
  public Pods(Neighbours neighbours, Function<NodePods, List<Pod>> which) {
    this.neighbours = neighbours;
    this.which = which;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    json.answer(exchange, which.apply(neighbours.pods.get()));
  }
}

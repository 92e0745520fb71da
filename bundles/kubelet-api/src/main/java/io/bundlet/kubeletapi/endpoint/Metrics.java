package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.metrics.MetricsExporter;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;

/** The numbers of a group, in the words of the exporter that the node has. */
public final class Metrics implements Endpoint {
  private final Neighbours neighbours;
  private final String group;

  /** @param group as {@link io.bundlet.api.metrics.MetricsSource#GROUP} has it */
  public Metrics(Neighbours neighbours, String group) {
    this.neighbours = neighbours;
    this.group = group;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    MetricsExporter exporter = neighbours.metrics.get();
    exporter.write(group, exchange.begin(exporter.contentType()));
  }
}

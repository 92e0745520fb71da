package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.ResourceView;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The settings of this bundle, and of others what callers look for, in the words of a KubeletConfiguration. */
public final class Configz implements Endpoint {
  private final Neighbours neighbours;
  private final Supplier<Map<String, Object>> own;
  private final Json json = new Json();

  /** @param own what this bundle goes by at the moment */
  public Configz(Neighbours neighbours, Supplier<Map<String, Object>> own) {
    this.neighbours = neighbours;
    this.own = own;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    Map<String, Object> settings = new LinkedHashMap<>(own.get());
    neighbours.node.get().node().resources().stream()
        .filter(resource -> resource.name().equals("pods")).mapToLong(ResourceView::capacity).findFirst()
        .ifPresent(pods -> settings.put("maxPods", pods));
    json.answer(exchange, Map.of("kubeletconfig", settings));
  }
}

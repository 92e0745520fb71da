package io.bundlet.kubeletapi.endpoint;

import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Whether the node's core is there. */
public final class Health implements Endpoint {
  /** What a node says that is well, as the Kubernetes kubelet does. */
  public static final String WELL = "ok";

  private final Neighbours neighbours;

  public Health(Neighbours neighbours) {
    this.neighbours = neighbours;
  }

  /** Returns at once. @throws Refusal when it is not well */
  public void check() throws Refusal {
    neighbours.node.get();
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    check();
    exchange.begin("text/plain; charset=utf-8").write(WELL.getBytes(StandardCharsets.US_ASCII));
  }
}

package io.bundlet.kubeletapi.endpoint;

import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;

/** What a kubelet can do and this one cannot yet. The connection is never handed over, and nobody is sent elsewhere. */
public final class NotYet implements Endpoint {
  private static final int NOT_IMPLEMENTED = 501;

  private final String what;

  /** @param what for people */
  public NotYet(String what) {
    this.what = what;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal {
    throw new Refusal(NOT_IMPLEMENTED, "this node cannot " + what + " yet; 'bundlet shell' on the node helps out");
  }
}

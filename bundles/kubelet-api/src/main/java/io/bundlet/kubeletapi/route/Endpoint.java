package io.bundlet.kubeletapi.route;

import java.io.IOException;

/** Answers requests of callers who may ask. Called by a virtual thread of the request, many at a time. */
public interface Endpoint {
  /**
   * Answers one request.
   *
   * @throws Refusal what to answer instead, before anything was written
   * @throws IOException when the caller is gone, or what is told cannot be read any more: the connection is cut
   */
  void answer(Exchange exchange) throws Refusal, IOException, InterruptedException;
}

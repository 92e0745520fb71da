package io.bundlet.apiserver.node;

import io.bundlet.apiserver.call.ServerFailure;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the first failure and of the end of all failures, not of each try. For one thread. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String what;
  private boolean failing;

  Outage(String what) {
    this.what = what;
  }

  void failed(IOException e) {
    if (!failing) {
      boolean refused = e instanceof ServerFailure failure && !failure.passing();
      LOG.warn("{} cannot be told to the API server, and is tried again and again: {}{}", what, e.getMessage(),
          refused ? " (has the node's identity the rights of a node?)" : "");
    }
    failing = true;
  }

  void over() {
    if (failing) {
      LOG.info("{} is told to the API server again.", what);
    }
    failing = false;
  }
}

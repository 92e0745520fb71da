package io.bundlet.core.pod;

import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.statemachine.StopRequested;

/** A pod with a network of its own waits while its runtime has none to give; who is in the host's network does not. */
final class NetworkWait {
  private static final String NETWORK_NOT_READY = "NetworkNotReady";

  private NetworkWait() {}

  /** Waits, if need be, and says so on the pod; a stop request ends the wait. */
  static void await(PodContext pod) throws StopRequested, InterruptedException {
    String told = "";
    while (missing(pod)) {
      String why = why(pod);
      if (!why.equals(told)) {
        pod.events().event("", EventSink.WARNING, NETWORK_NOT_READY, "network is not ready: " + why);
        pod.reporter().heldUp(NETWORK_NOT_READY, why);
        told = why;
      }
      pod.awaitOrStop(() -> !missing(pod) || !why(pod).equals(why), Inbox.FOREVER);
    }
    if (!told.isEmpty()) {
      pod.reporter().heldUp("", "");
    }
  }

  private static boolean missing(PodContext pod) {
    return !Boolean.TRUE.equals(pod.plan().pod().getSpec().getHostNetwork())
        && pod.handlerHas(RuntimeStatus.HOST_NETWORK_ONLY);
  }

  private static String why(PodContext pod) {
    return pod.provider().map(
        handle -> handle.status().runtimeName() + ": " + handle.status().reason() + ": " + handle.status().message())
        .orElse("");
  }
}

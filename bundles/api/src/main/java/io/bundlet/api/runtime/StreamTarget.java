package io.bundlet.api.runtime;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a session with a container can be had: a command that is run in it, its own streams, or connections to a pod's
 * ports. It is for one session, which begins when somebody connects, and soon useless if nobody does. There may be
 * other kinds of targets later; a reader who knows none of what a target has cannot use it.
 */
public final class StreamTarget {
  private final URI url;

  private StreamTarget(URI url) {
    this.url = Objects.requireNonNull(url);
  }

  /**
   * A target behind a URL of the runtime's own server.
   *
   * @param url {@code http}, on an address of this machine that others cannot reach: whoever knows it needs no
   *     credentials
   */
  public static StreamTarget at(URI url) {
    return new StreamTarget(url);
  }

  /**
   * The URL. A request for it is upgraded, to SPDY/3.1 or to a WebSocket, and what follows is spoken in Kubernetes'
   * protocols for remote commands and port-forwarding ({@code v4.channel.k8s.io}, {@code portforward.k8s.io}).
   */
  public Optional<URI> upgradeTo() {
    return Optional.of(url);
  }
}

package io.bundlet.apiserver;

import io.fabric8.kubernetes.client.KubernetesClient;

/** The API server that this node belongs to: a service for the rest of this bundle. All methods return at once. */
public interface ApiServer {
  /**
   * The client, the same one for this service's life. New credentials, another address of the server and connections
   * that are made anew are seen to below it; a watch ends when its connection does.
   *
   * <p>A call waits at most ten seconds for credentials and for its turn. The client repeats nothing by itself, neither
   * requests nor watches: who calls decides what is worth repeating, and when.
   */
  KubernetesClient client();

  /** The name of this node. */
  String nodeName();
}

package io.bundlet.apiserver.status;

import io.bundlet.apiserver.call.Requests;

/** The pod in the server that a status is written to: the pod itself, or the mirror of a static one. */
public record StatusTarget(String namespace, String name, String uid) {
  String path() {
    return "/api/v1/namespaces/" + Requests.encoded(namespace) + "/pods/" + Requests.encoded(name);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

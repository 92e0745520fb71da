package io.bundlet.api.runtime;

import java.util.Objects;

/**
 * Names a pod.
 *
 * @param namespace its namespace
 * @param name its name, unique in the namespace at any time
 * @param uid unique for ever: a pod that is made again under the same name has another
 */
public record PodId(String namespace, String name, String uid) {
  public PodId {
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(name);
    Objects.requireNonNull(uid);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

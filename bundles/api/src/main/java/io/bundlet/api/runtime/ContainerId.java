package io.bundlet.api.runtime;

import java.util.Objects;

/**
 * Names a container within its provider.
 *
 * @param value not empty, opaque to everyone but the provider
 */
public record ContainerId(String value) {
  public ContainerId {
    if (Objects.requireNonNull(value).isEmpty()) {
      throw new IllegalArgumentException("a container id is not empty");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

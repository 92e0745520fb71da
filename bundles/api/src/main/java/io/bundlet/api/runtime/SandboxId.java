package io.bundlet.api.runtime;

import java.util.Objects;

/**
 * Names a sandbox within its provider.
 *
 * @param value not empty, opaque to everyone but the provider
 */
public record SandboxId(String value) {
  public SandboxId {
    if (Objects.requireNonNull(value).isEmpty()) {
      throw new IllegalArgumentException("a sandbox id is not empty");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

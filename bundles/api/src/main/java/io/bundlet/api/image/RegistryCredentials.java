package io.bundlet.api.image;

import java.util.Objects;

/**
 * As whom a registry is asked for an image. Goes into no log and no message, and is kept no longer than for the pull.
 *
 * @param username the name
 * @param password what proves it; a token, where the registry takes one
 */
public record RegistryCredentials(String username, String password) {
  public RegistryCredentials {
    Objects.requireNonNull(username);
    Objects.requireNonNull(password);
  }

  /** Says nothing of what it holds. */
  @Override
  public String toString() {
    return "credentials of a registry";
  }
}

package io.bundlet.api.image;

import io.bundlet.api.runtime.SandboxConfig;
import java.util.Objects;
import java.util.Optional;

/**
 * An image to be brought here.
 *
 * @param reference as in the manifest
 * @param sandbox the sandbox that it is wanted for: runtimes account a pull to it
 * @param credentials as whom its registry is asked; empty: as anybody. Where several may do, the node asks once with
 *     each
 */
public record PullRequest(String reference, SandboxConfig sandbox, Optional<RegistryCredentials> credentials) {
  public PullRequest {
    Objects.requireNonNull(credentials);
  }

  /** An image that everybody may have. */
  public PullRequest(String reference, SandboxConfig sandbox) {
    this(reference, sandbox, Optional.empty());
  }
}

package io.bundlet.api.objects;

import java.time.Instant;
import java.util.Objects;

/**
 * A token of a service account. Its value goes into no log and no message.
 *
 * @param value the token
 * @param issuedAt since when it is valid
 * @param expiresAt until when it is valid
 */
public record Token(String value, Instant issuedAt, Instant expiresAt) {
  public Token {
    Objects.requireNonNull(value);
    Objects.requireNonNull(issuedAt);
    Objects.requireNonNull(expiresAt);
  }

  /** The times alone, never the value. */
  @Override
  public String toString() {
    return "token valid from " + issuedAt + " to " + expiresAt;
  }
}

package io.bundlet.core.reach;

import java.nio.charset.StandardCharsets;

/**
 * An answer to an HTTP request.
 *
 * @param status 100 to 999
 * @param location where it points, or empty
 * @param body its beginning, at most 10 KiB; not to be changed
 */
public record HttpAnswer(int status, String location, byte[] body) {
  /** The body's beginning as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Whether it sends the asker elsewhere. */
  boolean redirects() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> !location.isEmpty();
      default -> false;
    };
  }
}

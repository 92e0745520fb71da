package io.bundlet.api.runtime;

import java.nio.charset.StandardCharsets;

/**
 * How a command in a container ended.
 *
 * @param exitCode 0 for success, by custom
 * @param stdout the beginning of what it wrote, at most {@link Exec#outputLimit} bytes; not to be changed
 * @param stderr as stdout
 */
public record ExecResult(int exitCode, byte[] stdout, byte[] stderr) {
  /** Both outputs, one after the other, for people; what is no UTF-8 is replaced. */
  public String text() {
    return new String(stdout, StandardCharsets.UTF_8) + new String(stderr, StandardCharsets.UTF_8);
  }
}

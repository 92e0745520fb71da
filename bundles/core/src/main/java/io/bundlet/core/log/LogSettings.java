package io.bundlet.core.log;

import java.time.Duration;

/**
 * How large logs may become.
 *
 * @param maxBytes a file that is larger is rotated away
 * @param maxFiles files of one log, the one that is being written included; at least 2
 * @param interval how often is looked; a file may be larger by what is written in between
 */
public record LogSettings(long maxBytes, int maxFiles, Duration interval) {
  /** As the Kubernetes kubelet has them. */
  public static final LogSettings DEFAULT = new LogSettings(10 << 20, 5, Duration.ofSeconds(10));

  public LogSettings {
    if (maxBytes < 1 || maxFiles < 2 || interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "log.max.size must be more than 0, log.max.files 2 or more, log.interval.seconds 1 or more");
    }
  }
}

package io.bundlet.core.time;

import java.time.Duration;

/** Durations as Kubernetes' messages have them: {@code 10s}, {@code 1m20s}, {@code 5m0s}. */
public final class GoDuration {
  private GoDuration() {}

  /** In hours, minutes and seconds, from the first that is not 0. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutes() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    return text.append(duration.toSecondsPart()).append('s').toString();
  }
}

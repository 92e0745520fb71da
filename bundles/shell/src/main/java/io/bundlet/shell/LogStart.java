package io.bundlet.shell;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From when on a log is wanted, as people write it. */
final class LogStart {
  private static final Pattern AGE =
      Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

  private LogStart() {}

  /** The start of a log. @param since an age, or empty @param time a time, or empty */
  static Optional<Instant> of(String since, String time, Instant now) throws CommandFailure {
    if (!since.isEmpty() && !time.isEmpty()) {
      throw new CommandFailure("--since and --since-time exclude each other");
    }
    if (!time.isEmpty()) {
      try {
        return Optional.of(OffsetDateTime.parse(time).toInstant());
      } catch (DateTimeException e) {
        throw new CommandFailure("--since-time: '" + time + "' is no time; write one such as 2026-01-31T10:00:00Z");
      }
    }
    return since.isEmpty() ? Optional.empty() : Optional.of(now.minus(age(since)));
  }

  private static Duration age(String text) throws CommandFailure {
    Matcher age = AGE.matcher(text);
    if (!age.matches()) {
      throw new CommandFailure("--since: '" + text + "' is no duration; write one such as 30s, 5m or 1h30m");
    }
    return Duration.ofHours(number(age.group(1))).plusMinutes(number(age.group(2))).plusSeconds(number(age.group(3)))
        .plusMillis(number(age.group(4)));
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}

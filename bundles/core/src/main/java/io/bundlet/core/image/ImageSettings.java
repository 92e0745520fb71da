package io.bundlet.core.image;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How images are pulled and removed.
 *
 * @param credentialsFile the node's own docker file; empty: none
 * @param pulls how many are pulled at a time for a runtime; 0: any number
 * @param pullLimit how long one may take; zero: as long as it takes
 * @param removal when unused ones are removed
 * @param problems what is wrong with the settings, for people
 */
public record ImageSettings(
    Optional<Path> credentialsFile, int pulls, Duration pullLimit, Removal removal, List<String> problems) {
  /** What holds where nothing is said. */
  public static final ImageSettings STANDARD =
      new ImageSettings(Optional.empty(), 5, Duration.ofHours(1), Removal.STANDARD, List.of());

  /**
   * When unused images are removed.
   *
   * @param highPercent if their file system is as full as this; 100: never
   * @param lowPercent until it is only as full as this
   * @param minimumAge but none that was seen first later ago than this
   * @param maximumAge and always those that nobody has used for this long; empty: as long as there is room
   * @param interval how often it is looked
   */
  public record Removal(
      int highPercent, int lowPercent, Duration minimumAge, Optional<Duration> maximumAge, Duration interval) {
    static final Removal STANDARD =
        new Removal(85, 80, Duration.ofMinutes(2), Optional.empty(), Duration.ofMinutes(5));
  }

  public ImageSettings {
    problems = List.copyOf(problems);
  }

  /**
   * Reads the settings; what cannot be used is told, and the standard holds in its place.
   *
   * @param pulls how many at a time, and the seconds that one may take
   * @param percents the high and the low one
   * @param seconds the least and the greatest age, the latter 0 for none, and the interval
   */
  public static ImageSettings of(String credentialsFile, int[] pulls, int[] percents, int[] seconds) {
    List<String> problems = new ArrayList<>();
    Removal standard = Removal.STANDARD;
    boolean range = percents[0] >= 0 && percents[0] <= 100 && percents[1] >= 0 && percents[1] < percents[0];
    if (!range) {
      problems.add(
          "image.gc.high.percent, image.gc.low.percent: " + percents[0] + " and " + percents[1] + " have to be from 0"
              + " to 100, the second below the first; " + standard.highPercent() + " and " + standard.lowPercent()
              + " are used");
    }
    boolean ages = seconds[0] >= 0 && seconds[1] >= 0 && (seconds[1] == 0 || seconds[1] > seconds[0]);
    if (!ages) {
      problems.add(
          "image.gc.min.age.seconds, image.gc.max.age.seconds: " + seconds[0] + " and " + seconds[1] + " have to be"
              + " none below 0, the second 0 or above the first; " + standard.minimumAge().toSeconds()
              + " and 0 are used");
    }
    if (seconds[2] < 1) {
      problems.add("image.gc.interval.seconds: " + seconds[2] + " is below 1; " + standard.interval().toSeconds()
          + " is used");
    }
    if (pulls[0] < 0) {
      problems.add("max.parallel.image.pulls: " + pulls[0] + " is below 0; " + STANDARD.pulls() + " is used");
    }
    if (pulls[1] < 0) {
      problems.add("image.pull.limit.seconds: " + pulls[1] + " is below 0; " + STANDARD.pullLimit().toSeconds()
          + " is used");
    }
    Removal removal =
        new Removal(
            range ? percents[0] : standard.highPercent(), range ? percents[1] : standard.lowPercent(),
            ages ? Duration.ofSeconds(seconds[0]) : standard.minimumAge(),
            ages && seconds[1] > 0 ? Optional.of(Duration.ofSeconds(seconds[1])) : Optional.empty(),
            seconds[2] < 1 ? standard.interval() : Duration.ofSeconds(seconds[2]));
    return new ImageSettings(
        path(credentialsFile, problems), pulls[0] < 0 ? STANDARD.pulls() : pulls[0],
        pulls[1] < 0 ? STANDARD.pullLimit() : Duration.ofSeconds(pulls[1]), removal, problems);
  }

  private static Optional<Path> path(String file, List<String> problems) {
    try {
      return file.isBlank() ? Optional.empty() : Optional.of(Path.of(file.strip()).toAbsolutePath());
    } catch (InvalidPathException wrong) {
      problems.add("image.credentials.file: " + wrong.getMessage() + "; name a file");
      return Optional.empty();
    }
  }
}

package io.bundlet.core.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How long pods get to end when the machine does.
 *
 * @param groups by rising priority; none: pods are not ended
 * @param problems what is wrong with the settings, for people
 */
public record ShutdownPlan(List<Group> groups, List<String> problems) {
  /** From this priority on pods are the system's. */
  private static final int CRITICAL = 2_000_000_000;
  private static final int LONGEST = 86_400;

  /**
   * Pods that end together.
   *
   * @param priority of the least important of them; the first group has those below, too
   * @param grace what they get at most
   */
  public record Group(int priority, Duration grace) {}

  public ShutdownPlan {
    groups = List.copyOf(groups);
    problems = List.copyOf(problems);
  }

  /**
   * Reads the settings; what cannot be used is left out and told.
   *
   * @param seconds for all pods together; 0: none are ended
   * @param criticalSeconds what of that is for the critical ones, which end last
   * @param byPriority such as {@code 0=30} and {@code 1000=20}, each perhaps several, separated by commas; takes the
   *     place of the two
   */
  public static ShutdownPlan of(int seconds, int criticalSeconds, String[] byPriority) {
    List<String> problems = new ArrayList<>();
    List<String> texts = Arrays.stream(byPriority).flatMap(text -> Arrays.stream(text.split(","))).map(String::strip)
        .filter(text -> !text.isEmpty()).toList();
    if (!texts.isEmpty()) {
      return new ShutdownPlan(byPriority(texts, problems), problems);
    }
    if (seconds < 0 || seconds > LONGEST) {
      problems.add("shutdown.grace.seconds: " + seconds + " is not between 0 and " + LONGEST + "; pods are not ended");
      return new ShutdownPlan(List.of(), problems);
    }
    int critical = criticalSeconds;
    if (critical < 0 || critical > seconds) {
      problems.add(
          "shutdown.grace.critical.seconds: " + critical + " is not between 0 and shutdown.grace.seconds, " + seconds
          + "; 0 is used");
      critical = 0;
    }
    return new ShutdownPlan(
        seconds == 0 ? List.of()
            : List.of(
                new Group(0, Duration.ofSeconds(seconds - critical)),
                new Group(CRITICAL, Duration.ofSeconds(critical))),
        problems);
  }

  private static List<Group> byPriority(List<String> texts, List<String> problems) {
    List<Group> groups = new ArrayList<>();
    for (String text : texts) {
      String[] parts = text.split("=", 2);
      try {
        int priority = Integer.parseInt(parts[0].strip());
        int grace = Integer.parseInt(parts.length < 2 ? "" : parts[1].strip());
        if (grace < 0 || grace > LONGEST || groups.stream().anyMatch(group -> group.priority == priority)) {
          throw new NumberFormatException();
        }
        groups.add(new Group(priority, Duration.ofSeconds(grace)));
      } catch (NumberFormatException wrong) {
        problems.add(
            "shutdown.grace.by.priority: \"" + text + "\" is not of the form PRIORITY=SECONDS, such as 1000=20, with at"
            + " most " + LONGEST + " seconds and each priority once; it is left out");
      }
    }
    groups.sort(Comparator.comparingInt(Group::priority));
    return groups;
  }

  /** The number of the group that a pod of this priority ends with. */
  int group(int priority) {
    int found = 0;
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).priority <= priority) {
        found = i;
      }
    }
    return found;
  }

  /** How long all of them get together. */
  public Duration total() {
    return groups.stream().map(Group::grace).reduce(Duration.ZERO, Duration::plus);
  }
}

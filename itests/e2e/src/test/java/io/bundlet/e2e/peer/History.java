package io.bundlet.e2e.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What one pod's status went through. */
final class History {
  /** How it was at a time of the machine's clock, and until the next one. */
  private record Moment(long millis, Map<String, String> tracks) {}

  private final List<Moment> moments = new ArrayList<>();

  /** The status was seen to be like this. */
  void add(long millis, Map<String, String> tracks) {
    if (moments.isEmpty() || !moments.getLast().tracks().equals(tracks)) {
      moments.add(new Moment(millis, Map.copyOf(tracks)));
    }
  }

  /** Only what was seen up to this time. */
  History until(long millis) {
    History cut = new History();
    moments.stream().filter(moment -> moment.millis() <= millis).forEach(cut.moments::add);
    return cut;
  }

  /** When something had happened to a container, or the pod was told not to be pending any more; else never. */
  long begin() {
    return moments.stream()
        .filter(moment -> moment.tracks().values().stream()
            .anyMatch(text -> text.matches("(Running|Terminated|Failed|Waiting (?!ContainerCreating|PodInit)).*")))
        .mapToLong(Moment::millis).findFirst().orElse(Long.MAX_VALUE);
  }

  /** How many different statuses were seen, one after another. */
  int size() {
    return moments.size();
  }

  Set<String> tracks() {
    Set<String> all = new TreeSet<>();
    moments.forEach(moment -> all.addAll(moment.tracks().keySet()));
    return all;
  }

  /** What a track went through. */
  List<String> sequence(String track) {
    return sequence(track, text -> true);
  }

  /** What a track went through, as far as it counts. */
  List<String> sequence(String track, Predicate<String> counts) {
    List<String> sequence = new ArrayList<>();
    for (Moment moment : moments) {
      String now = moment.tracks().get(track);
      if (now != null && counts.test(now) && (sequence.isEmpty() || !sequence.getLast().equals(now))) {
        sequence.add(now);
      }
    }
    return sequence;
  }

  /** When each text of a track was first seen, by "track: text", in order. */
  Map<String, Long> firsts() {
    Map<String, Long> firsts = new LinkedHashMap<>();
    for (Moment moment : moments) {
      moment.tracks().forEach((track, text) -> firsts.putIfAbsent(track + ": " + text, moment.millis()));
    }
    return firsts;
  }

  /**
   * What came in another order than in the other history.
   *
   * @param slackMillis what is not farther apart than this counts as at the same time
   */
  Set<String> contradictions(History other, long slackMillis) {
    Map<String, Long> mine = firsts();
    Map<String, Long> theirs = other.firsts();
    List<String> both = mine.keySet().stream().filter(theirs::containsKey).sorted().toList();
    Set<String> found = new LinkedHashSet<>();
    for (String one : both) {
      for (String two : both) {
        if (mine.get(two) - mine.get(one) > slackMillis && theirs.get(one) - theirs.get(two) > slackMillis) {
          found.add(one + " BEFORE " + two);
        }
      }
    }
    return found;
  }

  /** Everything, for people. @param from what counts as the beginning */
  String text(long from) {
    StringBuilder text = new StringBuilder();
    Map<String, String> before = Map.of();
    for (Moment moment : moments) {
      for (String track : new TreeSet<>(moment.tracks().keySet())) {
        if (!moment.tracks().get(track).equals(before.get(track))) {
          text.append("%8.2f  %s: %s%n".formatted(
              (moment.millis() - from) / 1000.0, track, moment.tracks().get(track)));
        }
      }
      before = moment.tracks();
    }
    return text.toString();
  }
}

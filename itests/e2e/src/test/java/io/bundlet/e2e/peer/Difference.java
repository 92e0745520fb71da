package io.bundlet.e2e.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One thing that the two did differently.
 *
 * @param manifest its name
 * @param track of what
 * @param upstream what it went through there
 * @param bundlet and here
 */
record Difference(String manifest, String track, String upstream, String bundlet) {
  private static final String THEN = " > ";
  private static final long SLACK_MILLIS = 1500;

  /** All that differs of one pod. @param known what may be left out of a track */
  static List<Difference> of(
      PeerManifest manifest, Round.Seen upstream, Round.Seen bundlet, List<KnownDifferences.Known> known) {
    List<Difference> found = new ArrayList<>();
    Set<String> tracks = new TreeSet<>(upstream.history().tracks());
    tracks.addAll(bundlet.history().tracks());
    for (String track : tracks) {
      Predicate<String> counts = text -> known.stream().noneMatch(one -> one.passes(manifest.name(), track, text));
      List<String> there = upstream.history().sequence(track, counts);
      List<String> here = bundlet.history().sequence(track, counts);
      if (!there.equals(here) && !(manifest.loops() && begin(there, here))) {
        found.add(
            new Difference(manifest.name(), track, String.join(THEN, there), String.join(THEN, here)));
      }
    }
    Set<String> contradictions = upstream.history().contradictions(bundlet.history(), SLACK_MILLIS);
    if (!contradictions.isEmpty()) {
      found.add(new Difference(manifest.name(), "order", String.join("; ", contradictions), "the other way round"));
    }
    Set<String> files = new TreeSet<>(upstream.said().keySet());
    files.addAll(bundlet.said().keySet());
    for (String file : files) {
      String there = upstream.said().getOrDefault(file, "(nothing)");
      String here = bundlet.said().getOrDefault(file, "(nothing)");
      if (!there.equals(here)) {
        found.add(new Difference(manifest.name(), file, there, here));
      }
    }
    return found;
  }

  /**
   * Whether one of two sequences without end is the beginning of the other; the shorter may lack some of the end. Two
   * states are no beginning of anything.
   */
  private static boolean begin(List<String> one, List<String> two) {
    int common = Math.min(one.size(), two.size());
    return common > 2 && Math.max(one.size(), two.size()) - common <= 4
        && one.subList(0, common).equals(two.subList(0, common));
  }

  @Override
  public String toString() {
    return manifest + ", " + track + "\n    upstream: " + upstream + "\n    bundlet:  " + bundlet;
  }
}

package io.bundlet.e2e.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What two kubelets say of pods that cannot run, or not well: the phase, and of each container the reasons for which it
 * waited and how it ended, without the words for people, and each once, however often it came.
 */
record BadPods(Map<String, Round.Seen> upstream, Map<String, Round.Seen> bundlet) {
  private static final List<String> BEFORE = List.of("Waiting ContainerCreating", "Waiting PodInitializing");
  private static final String AFTER = " after ";
  private static final int LONGEST = 60;

  /** The table, with a line for each manifest that says so of itself. */
  String table(List<PeerManifest> manifests) throws IOException {
    StringBuilder table = new StringBuilder("| pod | what is wrong | Bundlet | upstream | |\n|---|---|---|---|---|\n");
    int same = 0;
    int all = 0;
    for (PeerManifest manifest : manifests.stream().filter(PeerManifest::bad).toList()) {
      String here = said(bundlet.get(manifest.name()));
      String there = said(upstream.get(manifest.name()));
      boolean equal = here.equals(there);
      all++;
      same += equal ? 1 : 0;
      table.append("| ").append(manifest.name()).append(" | ").append(manifest.about()).append(" | ").append(here)
          .append(" | ").append(there).append(" | ")
          .append(equal ? "same" : "differs: " + why(manifest)).append(" |\n");
    }
    return table.append(all).append(" pods; of ").append(same).append(" both say the same\n").toString();
  }

  private String why(PeerManifest manifest) throws IOException {
    KnownDifferences known = new KnownDifferences();
    return Difference.of(
            manifest, upstream.get(manifest.name()), bundlet.get(manifest.name()), known.all()).stream()
        .filter(one -> one.track().matches("phase|container \\S+")).findFirst()
        .flatMap(known::of).map(KnownDifferences.Known::explanation).orElse("not explained");
  }

  /** What was said of one pod. */
  static String said(Round.Seen pod) {
    List<String> phases = pod.history().sequence("phase");
    String phase = phases.isEmpty() ? "nothing" : bare(phases.getLast());
    List<String> parts = new ArrayList<>(List.of(phase));
    for (String track : new TreeSet<>(pod.history().tracks())) {
      if (track.startsWith("container ") && !track.endsWith(" ready") && !track.endsWith(" started")) {
        Set<String> states = states(pod.history().sequence(track));
        boolean begun = states.stream().anyMatch(state -> !BEFORE.contains(state));
        if (begun) {
          BEFORE.forEach(states::remove);
        }
        // of the containers of a rejected pod there is nothing to say
        if (begun || !phase.startsWith("Failed")) {
          parts.add(track.substring("container ".length()) + ": " + String.join(", ", states));
        }
      }
    }
    return String.join("; ", parts);
  }

  /** How the instance before has ended counts, too: it may have been told only so. */
  private static Set<String> states(List<String> sequence) {
    Set<String> states = new LinkedHashSet<>();
    for (String state : sequence) {
      String now = bare(state);
      int after = state.lastIndexOf(AFTER);
      if (after > 0 && !now.startsWith("Waiting")) {
        states.add("Terminated " + state.substring(after + AFTER.length()));
      }
      states.add(now);
    }
    return new TreeSet<>(states);
  }

  /** Without words for people, the number of the attempt and the end before. */
  private static String bare(String state) {
    String words = state.replaceAll("(?s) \\(.*\\)(?= #|$)", "").replaceAll("(?s) #\\d+.*", "");
    return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "...";
  }
}

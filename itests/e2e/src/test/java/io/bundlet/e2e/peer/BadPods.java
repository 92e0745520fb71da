package io.bundlet.e2e.peer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What two kubelets say of pods that cannot run, or not well: the phase, and of each container the reasons for which it
 * waited and how it ended, without the words for people, and each once, however often it came.
 */
record BadPods(Map<String, Round.Seen> upstream, Map<String, Round.Seen> bundlet) {
  private static final Set<String> USUAL = Set.of("Waiting ContainerCreating", "Waiting PodInitializing", "Running");

  /** The table, with a line for each manifest that says so of itself. */
  String table(List<PeerManifest> manifests) {
    StringBuilder table = new StringBuilder("| pod | what is wrong | Bundlet | upstream | |\n|---|---|---|---|---|\n");
    int same = 0;
    int all = 0;
    for (PeerManifest manifest : manifests.stream().filter(PeerManifest::bad).toList()) {
      String here = said(bundlet.get(manifest.name()));
      boolean alone = !manifest.alone().isEmpty();
      String there = alone ? "-" : said(upstream.get(manifest.name()));
      all++;
      same += here.equals(there) ? 1 : 0;
      table.append("| ").append(manifest.name()).append(" | ").append(manifest.about()).append(" | ").append(here)
          .append(" | ").append(there).append(" | ")
          .append(alone ? manifest.alone() : here.equals(there) ? "same" : "differs").append(" |\n");
    }
    return table.append(all).append(" pods, of which both say the same of ").append(same).append('\n').toString();
  }

  /** What was said of one pod. */
  static String said(Round.Seen pod) {
    List<String> parts = new ArrayList<>();
    List<String> phases = pod.history().sequence("phase");
    parts.add(phases.isEmpty() ? "nothing" : bare(phases.getLast()));
    for (String track : new TreeSet<>(pod.history().tracks())) {
      if (track.startsWith("container ") && !track.endsWith(" ready") && !track.endsWith(" started")) {
        Set<String> states = pod.history().sequence(track).stream().map(BadPods::bare)
            .collect(Collectors.toCollection(LinkedHashSet::new));
        if (states.stream().anyMatch(state -> !USUAL.contains(state))) {
          states.removeAll(Set.of("Waiting ContainerCreating", "Waiting PodInitializing"));
        }
        parts.add(track.substring("container ".length()) + ": " + String.join(", ", states));
      }
    }
    return String.join("; ", parts);
  }

  /** Without words for people, the number of the attempt and the end before. */
  private static String bare(String state) {
    return state.replaceAll("(?s) \\(.*\\)(?= #|$)", "").replaceAll("(?s) #\\d+.*", "");
  }
}

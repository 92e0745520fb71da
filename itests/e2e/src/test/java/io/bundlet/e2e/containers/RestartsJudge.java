package io.bundlet.e2e.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.pods.PodStatus;
import io.bundlet.testkit.pods.StatusHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds what was seen of pods that were to notice nothing against what they were at the beginning. */
final class RestartsJudge {
  static final String HEADLINE = "| what | when | ms | statuses told | Ready flips | connections | refused or wrong"
      + " | other ids | looks at the runtime | sandboxes of a pod at one time, at most |";

  private static final List<String> SAME = List.of("main.id", "main.restarts", "main.ready", "main.started",
      "main.kind", "phase");

  private final StatusHistory statuses;
  private final RuntimeWatch runtime;
  private final Callers callers;
  private final Map<String, PodStatus> before = new TreeMap<>();
  private int from;
  private int told;
  private long looks;
  private long since;

  RestartsJudge(StatusHistory statuses, RuntimeWatch runtime, Callers callers) {
    this.statuses = statuses;
    this.runtime = runtime;
    this.callers = callers;
  }

  /** These are ready and must stay as they are. */
  void begin(List<String> residents) throws IOException {
    for (String resident : residents) {
      before.put(resident, statuses.latest(resident).orElseThrow());
    }
    told = statuses.all().size();
    from = told;
  }

  List<String> residents() {
    return List.copyOf(before.keySet());
  }

  /** The next row begins here; what came between rows counts for it, too. */
  void mark() {
    looks = runtime.looks();
    since = System.nanoTime();
  }

  /** Prints what was seen since the last row, and judges it. @param others the pods that came or went meanwhile */
  void row(Disturbance disturbance, String when, List<String> others) throws IOException {
    List<PodStatus> all = statuses.all();
    List<String> changed = new ArrayList<>();
    List<String> flips = new ArrayList<>();
    int mine = 0;
    for (PodStatus status : all.subList(told, all.size())) {
      if (before.containsKey(status.name())) {
        mine++;
        judge(status, flips, changed);
      }
    }
    told = all.size();
    Callers.Seen seen = callers.take();
    int together = 0;
    List<String> ids = new ArrayList<>();
    for (String resident : residents()) {
      RuntimeWatch.Seen pod = runtime.pod(resident);
      together = Math.max(together, pod.together());
      if (pod.sandboxes().size() != 1 || pod.containers().size() != 1) {
        ids.add(resident + ": " + pod);
      }
    }
    for (String other : others) {
      together = Math.max(together, runtime.pod(other).together());
    }
    long looked = runtime.looks() - looks;
    System.out.printf("| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d |%n", disturbance, when,
        (System.nanoTime() - since) / 1_000_000, mine, flips.size(), seen.connections(), seen.problems().size(),
        changed.size() + ids.size(), looked, together);
    String what = disturbance + ", " + when;
    assertEquals(List.of(), flips, what + ": not ready");
    assertEquals(List.of(), changed, what + ": told to be something else");
    assertEquals(List.of(), ids, what + ": other ids in the runtime");
    assertEquals(List.of(), seen.problems(), what + ": connections");
    assertEquals(List.of(), runtime.problems(), what + ": pods of somebody else");
    assertEquals(1, together, what + ": sandboxes of a pod at one time");
    assertTrue(seen.connections() > 0 && looked > 0, what + ": nobody looked");
  }

  private void judge(PodStatus status, List<String> flips, List<String> changed) {
    if (!status.ready() || status.removed()) {
      flips.add(status.line().toString());
    }
    PodStatus first = before.get(status.name());
    // a node that has just begun does not know it yet and says nothing of it; what was told of it once stays told
    if (!status.value("address").isEmpty() && !status.value("address").equals(first.value("address"))) {
      changed.add("address of " + status.name() + " became " + status.value("address"));
    }
    for (String key : SAME) {
      if (!first.value(key).equals(status.value(key))) {
        changed.add(key + " of " + status.name() + ": " + first.value(key) + " became " + status.value(key));
      }
    }
  }

  /** Of pods that a kill met while they started, the runtime may have given one up; that is printed, no more. */
  void attempts(List<String> pods) {
    long sandboxes = pods.stream().filter(pod -> runtime.pod(pod).sandboxes().size() > 1).count();
    long containers = pods.stream().filter(pod -> runtime.pod(pod).containers().size() > 1).count();
    if (sandboxes + containers > 0) {
      System.out.printf("  of %d pods that started, %d had another sandbox before, %d another container%n",
          pods.size(), sandboxes, containers);
    }
  }

  /** Once more all that was told of them since the beginning. */
  void all() throws IOException {
    List<String> flips = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    List<PodStatus> all = statuses.all();
    all.subList(from, all.size()).stream().filter(status -> before.containsKey(status.name()))
        .forEach(status -> judge(status, flips, changed));
    assertEquals(List.of(), flips);
    assertEquals(List.of(), changed);
    assertEquals(List.of(), callers.take().problems());
  }
}

package io.bundlet.e2e.bench;

import io.bundlet.testkit.containerd.RuntimeProxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a pod's start spends its time: the three calls that it is made of, what is before and between them. */
final class Breakdown {
  private static final List<String> STEPS = List.of("RunPodSandbox", "CreateContainer", "StartContainer");
  /** Questions that go on all the time. */
  private static final Set<String> ALWAYS = Set.of("Status", "Version", "ListContainers", "ListPodSandbox");

  private final Map<String, List<Double>> parts = new LinkedHashMap<>();

  /** Takes a start in. */
  void add(long begin, long running, List<RuntimeProxy.Call> calls) {
    long at = begin;
    String before = "manifest";
    for (String step : STEPS) {
      RuntimeProxy.Call call = calls.stream().filter(each -> each.method().equals(step)).findFirst().orElse(null);
      if (call == null) {
        return; // the answer of the last one came after the guest's first act
      }
      part(before + " to " + step + questions(calls, at, call.begin()), call.begin() - at);
      part(step, call.end() - call.begin());
      at = call.end();
      before = step;
    }
    part("StartContainer's answer to the guest's first act", running - at);
  }

  private static String questions(List<RuntimeProxy.Call> calls, long from, long to) {
    List<String> asked = calls.stream().filter(call -> call.begin() - from >= 0 && call.end() - to <= 0)
        .map(RuntimeProxy.Call::method).filter(method -> !ALWAYS.contains(method)).distinct().sorted().toList();
    return asked.isEmpty() ? "" : " (with " + String.join(", ", asked) + ")";
  }

  private void part(String name, long nanos) {
    parts.computeIfAbsent(name, any -> new ArrayList<>()).add(nanos / 1e6);
  }

  /** Rows of a table. */
  void print(SpeedTable table, String who) {
    parts.forEach((part, all) -> {
      double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      table.line(String.format(
          Locale.ROOT, "| %s | %s | %.1f | %d |", who, part, SpeedTable.at(sorted, 0.5), sorted.length));
    });
  }
}

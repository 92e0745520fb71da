package io.bundlet.e2e.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.pods.PodStatus;
import io.bundlet.testkit.pods.ScriptedRuntime;
import io.bundlet.testkit.pods.StatusHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The rules for what is told and asked over many lives of a node; each status and each call counts. */
final class Lives {
  private final StatusHistory statuses;
  private final ScriptedRuntime runtime;
  private int judged;

  Lives(StatusHistory statuses, ScriptedRuntime runtime) {
    this.statuses = statuses;
    this.runtime = runtime;
  }

  /** From now on: what was told before is not judged again. */
  void mark() throws IOException {
    judged = statuses.all().size();
  }

  private List<PodStatus> since(String pod) throws IOException {
    List<PodStatus> all = statuses.all();
    return all.subList(judged, all.size()).stream().filter(status -> status.name().equals(pod)).toList();
  }

  /** A container that runs on is told as what it is in each status: the same one, as ready as before. */
  int runsOn(String what, String pod, List<String> containers, boolean ready) throws IOException {
    List<PodStatus> told = since(pod);
    assertTrue(!told.isEmpty(), what + ": nothing is told of " + pod);
    PodStatus before = statuses.of(pod).get(statuses.of(pod).size() - told.size() - 1);
    for (PodStatus status : told) {
      String of = what + ", " + pod + ": " + status.line();
      assertEquals(ready, status.ready(), "Ready: " + of);
      assertEquals("Running", status.phase(), of);
      for (String container : containers) {
        for (String value : List.of("id", "restarts", "ready", "started", "kind")) {
          String key = container + "." + value;
          assertEquals(before.value(key), status.value(key), key + ": " + of);
        }
      }
    }
    return told.size();
  }

  /** What has ended stays as it is in each status. */
  int staysEnded(String what, String pod, String phase) throws IOException {
    List<PodStatus> told = since(pod);
    for (PodStatus status : told) {
      assertEquals(phase, status.phase(), what + ", " + pod + ": " + status.line());
      assertEquals("0", status.value("main.restarts"), what + ", " + pod + ": " + status.line());
    }
    return told.size();
  }

  /** Commands of hooks say {@code hook NAME}; a container's preStop is done once at most, whatever dies. */
  void preStopsOnce() throws IOException {
    Map<String, Integer> times = new HashMap<>();
    for (JsonNode call : calls("exec")) {
      if (call.path("command").path(0).asString("").equals("say pre-stop")) {
        times.merge(call.path("pod").asString("") + " " + call.path("id").asString(""), 1, Integer::sum);
      }
    }
    times.values().removeIf(count -> count == 1);
    assertEquals(Map.of(), times, "preStop was done more than once");
  }

  /** How many containers were given a preStop. */
  long preStops() throws IOException {
    return calls("exec").stream()
        .filter(call -> call.path("command").path(0).asString("").equals("say pre-stop")).count();
  }

  /** How many different containers of this name were made for the pod. */
  Set<String> made(String pod, String container) throws IOException {
    return calls("create").stream()
        .filter(call -> call.path("pod").asString("").equals("default/" + pod))
        .filter(call -> call.path("container").asString("").equals(container))
        .map(call -> call.path("id").asString("")).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Init containers ran one after another, each once, and the others after them. */
  void initialisedOnce(String what, String pod, List<String> init) throws IOException {
    List<String> order = new ArrayList<>();
    for (JsonNode call : calls("create")) {
      String container = call.path("container").asString("");
      if (call.path("pod").asString("").equals("default/" + pod) && !order.contains(container)) {
        order.add(container);
      }
    }
    assertTrue(order.size() > init.size(), what + ", " + pod + ": " + order);
    assertEquals(init, order.subList(0, init.size()), what + ", " + pod);
    for (String each : init) {
      assertEquals(1, made(pod, each).size(), what + ", " + pod + ": " + each + " was made " + made(pod, each));
    }
  }

  /** How often a hook was done for the pod. */
  long hooks(String pod, String hook) throws IOException {
    return calls("exec").stream().filter(call -> call.path("pod").asString("").equals("default/" + pod))
        .filter(call -> call.path("command").path(0).asString("").equals("say " + hook)).count();
  }

  private List<JsonNode> calls(String call) throws IOException {
    return runtime.calls().stream().filter(each -> each.path("call").asString("").equals(call)).toList();
  }
}

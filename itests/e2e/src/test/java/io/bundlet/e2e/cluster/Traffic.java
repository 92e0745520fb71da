package io.bundlet.e2e.cluster;

import io.bundlet.testkit.cluster.FaultProxy.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a node asked of its API server in a while, as a row of a table for people. */
record Traffic(String during, Instant from, Instant to, List<Call> calls) {
  private static final String HEAD =
      "| during | seconds | requests | a minute | lists | watches | of node and lease | patches of pods | others |";

  static Traffic of(String during, Instant from, Instant to, List<Call> all) {
    return new Traffic(during, from, to,
        all.stream().filter(call -> !call.at().isBefore(from) && call.at().isBefore(to)).toList());
  }

  /** Prints a table, and what was asked most. */
  static void print(Traffic... rows) {
    System.out.println(HEAD + "\n" + HEAD.replaceAll("[^|]+", "---"));
    for (Traffic row : rows) {
      System.out.println(row);
    }
    for (Traffic row : rows) {
      System.out.println("traffic: " + row.during + " " + row.kinds());
    }
  }

  private Map<String, Long> kinds() {
    return new TreeMap<>(calls.stream().collect(Collectors.groupingBy(
        call -> call.method() + (call.watch() ? " watch " : " ") + call.uri().getPath(), Collectors.counting())));
  }

  private static boolean list(Call call) {
    String path = call.uri().getPath();
    return call.method().equals("GET") && !call.watch()
        && List.of("pods", "services", "runtimeclasses", "secrets", "configmaps")
            .contains(path.substring(path.lastIndexOf('/') + 1));
  }

  private static boolean ofNode(Call call) {
    return call.uri().getPath().startsWith("/api/v1/nodes") || call.uri().getPath().contains("/leases");
  }

  private static boolean ofPods(Call call) {
    return call.method().equals("PATCH") && call.uri().getPath().contains("/pods/");
  }

  @Override
  public String toString() {
    double seconds = Math.max(1, Duration.between(from, to).toMillis() / 1000.0);
    List<String> cells = new ArrayList<>(List.of(
        during, String.format(Locale.ROOT, "%.0f", seconds), "" + calls.size(),
        String.format(Locale.ROOT, "%.0f", calls.size() * 60 / seconds)));
    long rest = calls.size();
    for (Predicate<Call> kind : List.<Predicate<Call>>of(
        Traffic::list, Call::watch, Traffic::ofNode, Traffic::ofPods)) {
      long count = calls.stream().filter(kind).count();
      rest -= count;
      cells.add("" + count);
    }
    cells.add("" + rest);
    return "| " + String.join(" | ", cells) + " |";
  }
}

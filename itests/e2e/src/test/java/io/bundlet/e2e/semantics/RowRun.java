package io.bundlet.e2e.semantics;

import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.pods.Evidence;
import io.bundlet.testkit.pods.Expectation;
import io.bundlet.testkit.pods.PodManifest;
import io.bundlet.testkit.pods.PodStatus;
import io.bundlet.testkit.pods.Runtime;
import io.bundlet.testkit.pods.ScriptedRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One row on one runtime. */
final class RowRun {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final Row row;
  private final Runtime runtime;
  private final NodeProcess node;
  private final ScriptedRuntime scripted;
  private final Evidence evidence;
  private final Path shared;
  private long nanos;
  private String trouble = "";
  private String observed = "";

  RowRun(Row row, Runtime runtime, NodeProcess node, ScriptedRuntime scripted, Evidence evidence, Path shared) {
    this.row = row;
    this.runtime = runtime;
    this.node = node;
    this.scripted = scripted;
    this.evidence = evidence;
    this.shared = shared;
  }

  private String file() {
    return row.id() + ".json";
  }

  /** Does what the row says and waits until all that it expects is so at once. */
  void run(Runtime.Images images) {
    long begin = System.nanoTime();
    try {
      node.manifest(file(), PodManifest.of(row.id(), row.pod().replace("$DIR", "" + shared), runtime, images));
      for (String step : row.steps().split(";")) {
        does(step.strip().replace("$ID", row.id()));
      }
      await(row.expected());
    } catch (AssertionError | IOException | RuntimeException failed) {
      trouble = String.valueOf(failed.getMessage());
    }
    nanos = System.nanoTime() - begin;
    observe();
  }

  private void does(String step) throws IOException {
    String[] words = step.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "" -> { }
      case "await" -> await(rest);
      case "set" -> scripted.set(rest.split(" ")[0], rest.contains(" ") ? rest.substring(rest.indexOf(' ') + 1) : "");
      case "unset" -> scripted.unset(rest);
      case "object" -> node.manifest(row.id() + "-object.json", rest);
      case "shell" -> evidence.shell().ask(rest);
      case "delete" -> node.withdraw(file());
      default -> throw new IllegalArgumentException("no such step: " + step);
    }
  }

  private void await(String text) {
    List<Expectation> all = Expectation.all(text.replace("$ID", row.id()));
    Eventually.until(text, LIMIT, Duration.ofMillis(30), () -> {
      for (Expectation each : all) {
        if (!each.when().equals("never") && !each.holds(evidence)) {
          return false;
        }
      }
      return true;
    });
  }

  /** Looks once more when all rows have been run: what has ended must have stayed so, and never is never. */
  void judge() {
    try {
      for (Expectation each : Expectation.all(row.expected().replace("$ID", row.id()))) {
        boolean last = each.when().equals("never") || ended();
        if (trouble.isEmpty() && last && !each.holds(evidence)) {
          trouble = "not so at the end: " + each.text();
        }
      }
    } catch (IOException failed) {
      trouble = failed.toString();
    }
    if (!trouble.isEmpty()) {
      observe();
    }
  }

  private boolean ended() throws IOException {
    List<PodStatus> history = evidence.history();
    return !history.isEmpty() && List.of("Succeeded", "Failed").contains(history.getLast().phase());
  }

  private void observe() {
    List<String> all = new ArrayList<>();
    try {
      for (Expectation each : Expectation.all(row.expected().replace("$ID", row.id()))) {
        all.add(each.observed(evidence));
      }
    } catch (IOException failed) {
      all.add(failed.toString());
    }
    observed = String.join("; ", all);
  }

  boolean wrong() {
    return !trouble.isEmpty();
  }

  @Override
  public String toString() {
    return row.id() + " on " + runtime.word() + " (" + row.source() + "): " + trouble + "\n  observed: " + observed;
  }

  /** Its line of the result. */
  String line() {
    return String.join(
        ",", row.id(), Row.field(row.source()), runtime.word(), wrong() ? "WRONG" : "ok",
        "" + nanos / 1_000_000, Row.field(row.pod()), Row.field(row.expected()), Row.field(observed));
  }
}

package io.bundlet.testkit.pods;

import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * All that can be seen of a pod from outside.
 *
 * @param pod its name
 * @param statuses what the node tells
 * @param runtime the scripted runtime, where its calls can be asked for
 * @param data the node's data directory
 * @param shell the node's shell
 */
public record Evidence(
    String pod, StatusHistory statuses, ScriptedRuntime runtime, Path data, Shell shell) {
  private static final Pattern OF_CONTAINER = Pattern.compile("(log|calls|call|shell)\\(([^)]*)\\)(?:\\.(.*))?");

  /** How the node is asked. */
  @FunctionalInterface
  public interface Shell {
    /** What a command of the node's shell prints. */
    String ask(String command) throws IOException;
  }

  /** Every status so far. */
  public List<PodStatus> history() throws IOException {
    return statuses.of(pod);
  }

  /**
   * A value by its name: those of {@link PodStatus#value} in the latest status, {@code events}, {@code phases} (all of
   * them in their order), {@code removed}, {@code log(CONTAINER)}, {@code shell(COMMAND)},
   * {@code calls(CALL CONTAINER)} (their number) and
   * {@code call(CALL CONTAINER).FIELD} (of the latest).
   */
  public String value(String key) throws IOException {
    Matcher form = OF_CONTAINER.matcher(key);
    if (form.matches()) {
      return switch (form.group(1)) {
        case "log" -> log(form.group(2));
        case "shell" -> shell.ask(form.group(2));
        case "calls" -> "" + calls(form.group(2)).size();
        default -> field(calls(form.group(2)), form.group(3));
      };
    }
    Optional<PodStatus> latest = statuses.latest(pod);
    return switch (key) {
      case "events" -> shell.ask("pod:events " + pod);
      case "phases" -> phases();
      case "removed" -> "" + latest.filter(PodStatus::removed).isPresent();
      default -> latest.map(status -> status.value(key)).orElse("");
    };
  }

  private String log(String container) throws IOException {
    return PodLog.lines(data, pod, container).stream().map(PodLog.Line::text).collect(Collectors.joining(" / "));
  }

  private List<JsonNode> calls(String words) throws IOException {
    String[] named = words.split(" ", 2);
    return runtime.calls(named[0], pod).stream()
        .filter(call -> named.length == 1 || call.path("container").asString("").equals(named[1])).toList();
  }

  private static String field(List<JsonNode> calls, String path) {
    JsonNode node = calls.isEmpty() ? JsonFile.JSON.missingNode() : calls.getLast();
    for (String step : path.split("\\.")) {
      node = step.matches("\\d+") ? node.path(Integer.parseInt(step)) : node.path(step);
    }
    return node.isMissingNode() || node.isNull() ? "" : node.isValueNode() ? node.asString("") : node.toString();
  }

  private String phases() throws IOException {
    List<String> phases = new ArrayList<>();
    for (PodStatus status : history()) {
      if (phases.isEmpty() || !phases.getLast().equals(status.phase())) {
        phases.add(status.phase());
      }
    }
    return String.join(">", phases);
  }
}

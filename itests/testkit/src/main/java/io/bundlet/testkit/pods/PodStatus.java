package io.bundlet.testkit.pods;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A pod as the node told it once.
 *
 * @param line the recorder's
 */
public record PodStatus(JsonNode line) {
  private static final Set<String> WAITING = Set.of("ContainerCreating", "PodInitializing");
  /** A machine that has just begun is in {@code Waiting}, also if the container runs or has ended. */
  private static final Set<String> RUNNING = Set.of("Running", "Stopping", "Waiting");
  private static final Set<String> ENDED = Set.of("Exited", "Done", "Waiting");

  /** A pod's part of the line. */
  public JsonNode pod() {
    return line.path("pod");
  }

  public String name() {
    return pod().path("name").asString("");
  }

  public String uid() {
    return pod().path("uid").asString("");
  }

  public String phase() {
    return pod().path("phase").asString("");
  }

  /** The process that told it. */
  public long process() {
    return line.path("process").asLong();
  }

  public boolean removed() {
    return line.path("kind").asString("").equals("removed");
  }

  /** A condition: {@code True}, or {@code False:Reason}; empty if there is none. */
  public String condition(String type) {
    JsonNode condition = pod().path("conditions").path(type);
    if (condition.isMissingNode()) {
      return "";
    }
    String reason = condition.path("reason").asString("");
    return condition.path("status").asString("") + (reason.isEmpty() ? "" : ":" + reason);
  }

  public boolean ready() {
    return condition("Ready").equals("True");
  }

  /** A container of any kind. */
  public Optional<JsonNode> container(String name) {
    for (String kind : new String[] {"containers", "initContainers", "ephemeralContainers"}) {
      if (pod().path(kind).has(name)) {
        return Optional.of(pod().path(kind).path(name));
      }
    }
    return Optional.empty();
  }

  /** What Kubernetes calls its state: {@code waiting}, {@code running} or {@code terminated}. */
  public static String kind(JsonNode container) {
    String state = container.path("state").asString("");
    String reason = container.path("reason").asString("");
    boolean ended = ENDED.contains(state) && !container.path("exit").isNull();
    boolean waits = WAITING.contains(reason) || state.equals("Waiting") && !reason.isEmpty();
    return ended ? "terminated" : RUNNING.contains(state) && !waits ? "running" : "waiting";
  }

  /**
   * A value by its name, as text; empty if there is none: {@code phase}, {@code reason}, {@code Ready},
   * {@code Ready.message}, {@code CONTAINER.ready}, {@code CONTAINER.kind}, {@code CONTAINER.exit} (its code),
   * {@code CONTAINER.exit.reason}, {@code CONTAINER.last.message}, ...
   */
  public String value(String key) {
    String[] parts = key.split("\\.", 2);
    if (!pod().path("conditions").path(parts[0]).isMissingNode()) {
      return parts.length == 1 ? condition(parts[0]) : pod().path("conditions").path(parts[0]).path(parts[1])
          .asString("");
    }
    Optional<JsonNode> container = container(parts[0]);
    if (container.isEmpty()) {
      return parts.length == 1 ? text(pod().path(key)) : "";
    }
    String[] below = parts.length == 1 ? new String[] {"kind"} : parts[1].split("\\.");
    return switch (below[0]) {
      case "kind" -> kind(container.get());
      case "exit", "last" -> text(container.get().path(below[0]).path(below.length > 1 ? below[1] : "code"));
      default -> text(container.get().path(parts[1]));
    };
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "" : node.isValueNode() ? node.asString("") : node.toString();
  }
}

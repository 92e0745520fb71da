package io.bundlet.e2e.peer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What is compared of a pod's status: some texts, each by the name of its track. Times, ids, addresses and what only
 * newer versions have is left out.
 */
final class Projection {
  /** Those that both versions have. */
  private static final List<String> CONDITIONS = List.of("PodScheduled", "Initialized", "ContainersReady", "Ready");

  private Projection() {}

  /** The tracks of a status in Kubernetes' form. */
  static Map<String, String> of(String pod, JsonNode status) {
    Map<String, String> tracks = new TreeMap<>();
    String phase = text(status, "phase");
    boolean ended = phase.equals("Failed") || phase.equals("Succeeded");
    tracks.put("phase", words(pod, phase, ended ? text(status, "reason") : "", ended ? text(status, "message") : ""));
    tracks.put("class of service", text(status, "qosClass"));
    for (JsonNode condition : status.path("conditions")) {
      if (CONDITIONS.contains(text(condition, "type"))) {
        tracks.put("condition " + text(condition, "type"),
            words(pod, text(condition, "status"), text(condition, "reason"), text(condition, "message")));
      }
    }
    status.path("initContainerStatuses").forEach(container -> container(pod, container, tracks));
    status.path("containerStatuses").forEach(container -> container(pod, container, tracks));
    return tracks;
  }

  private static void container(String pod, JsonNode container, Map<String, String> tracks) {
    String name = "container " + text(container, "name");
    JsonNode last = container.path("lastState").path("terminated");
    String before =
        last.isObject() ? " after " + last.path("exitCode").asInt() + " " + text(last, "reason") : "";
    tracks.put(name,
        state(pod, container.path("state")) + " #" + container.path("restartCount").asInt() + before);
    tracks.put(name + " ready", String.valueOf(container.path("ready").asBoolean(false)));
    tracks.put(name + " started", String.valueOf(container.path("started").asBoolean(false)));
  }

  private static String state(String pod, JsonNode state) {
    if (state.path("running").isObject()) {
      return "Running";
    }
    JsonNode ended = state.path("terminated");
    if (ended.isObject()) {
      return words(
          pod, "Terminated " + ended.path("exitCode").asInt(), text(ended, "reason"), text(ended, "message"));
    }
    // Of what keeps a container waiting, only the word is common to all versions, but for this one.
    JsonNode waiting = state.path("waiting");
    String reason = text(waiting, "reason");
    return words(pod, "Waiting", reason, reason.equals("CrashLoopBackOff") ? text(waiting, "message") : "");
  }

  private static String words(String pod, String first, String reason, String message) {
    String words = first + (reason.isEmpty() ? "" : " " + reason);
    return message.isEmpty() ? words : words + " (" + normal(pod, message) + ")";
  }

  /** Without what differs from run to run. */
  static String normal(String pod, String text) {
    String words = text.strip().replaceAll("\\s*\\R\\s*", " | ")
        .replace(pod + "-" + UpstreamKubelet.NODE, pod)
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID")
        .replaceAll("[0-9a-f]{64}", "ID")
        .replaceAll("[0-9a-f]{32}", "UID")
        .replaceAll("\\b10\\.(1[3-9]\\d|2[0-2]\\d|12[89])\\.\\d+\\.\\d+\\b", "IP");
    return words.length() <= 400 ? words : words.substring(0, 400) + "... of " + words.length();
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}

package io.bundlet.core.cluster;

import io.fabric8.kubernetes.api.model.Taint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the administrator says of the node as a cluster sees it. A setting that cannot be used is left out and told,
 * because one label that the API server refuses would keep the whole node from joining.
 *
 * @param labels more labels
 * @param taints for its registration
 * @param architecture the architecture that it is registered with; empty: the machine's
 * @param port where the kubelet's API listens; 0: nowhere
 * @param providerId the cloud's name of the machine; may be empty
 * @param hostname the machine's name in the cluster; empty: the node's
 * @param problems what is wrong with the settings, for people
 */
public record NodeSettings(
    Map<String, String> labels,
    List<Taint> taints,
    String architecture,
    int port,
    String providerId,
    String hostname,
    List<String> problems) {
  /** Without any setting. */
  public static final NodeSettings NONE = new NodeSettings(Map.of(), List.of(), "", 0, "", "", List.of());

  private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  public NodeSettings {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    problems = List.copyOf(problems);
  }

  /**
   * Reads the settings; lists may hold several in one text, separated by commas.
   *
   * @param labels such as {@code disk=fast}
   * @param taints such as {@code dedicated=web:NoSchedule}
   */
  public static NodeSettings of(
      String[] labels, String[] taints, String architecture, int port, String providerId, String hostname) {
    List<String> problems = new ArrayList<>();
    Map<String, String> allLabels = new TreeMap<>();
    for (String text : members(labels)) {
      String[] parts = text.split("=", 2);
      String value = parts.length == 2 ? parts[1] : "";
      NodeWords.wrongLabel(parts[0], value)
          .ifPresentOrElse(
              wrong -> problems.add("node.labels: \"" + text + "\" " + wrong + "; it is left out"),
              () -> allLabels.put(parts[0], value));
    }
    List<Taint> allTaints = new ArrayList<>();
    for (String text : members(taints)) {
      taint(text, allTaints, problems);
    }
    if (!architecture.isEmpty()) {
      for (String effect : List.of("NoSchedule", "NoExecute")) {
        allTaints.add(new Taint(effect, NodeObject.ARCHITECTURE, null, architecture));
      }
    }
    boolean possible = port >= 0 && port <= 65_535;
    if (!possible) {
      problems.add("kubelet.port: " + port + " is no port; none is told");
    }
    return new NodeSettings(allLabels, allTaints, architecture, possible ? port : 0, providerId,
        hostname(hostname, problems), problems);
  }

  private static String hostname(String name, List<String> problems) {
    if (name.isEmpty() || NodeWords.wrongLabel("hostname", name).isEmpty()) {
      return name;
    }
    problems.add("node.hostname: \"" + name + "\" is no name of a machine; the node's is used");
    return "";
  }

  private static final Pattern TAINT = Pattern.compile("([^=:]+)(?:=([^:]*))?:(\\w+)");

  private static void taint(String text, List<Taint> taints, List<String> problems) {
    var parts = TAINT.matcher(text);
    if (!parts.matches() || !EFFECTS.contains(parts.group(3)) || !NodeWords.isKey(parts.group(1))) {
      problems.add(
          "node.taints: \"" + text + "\" is no taint, such as dedicated=web:NoSchedule, with one of the effects "
          + String.join(", ", EFFECTS.stream().sorted().toList()) + "; it is left out");
      return;
    }
    String value = parts.group(2);
    taints.add(new Taint(parts.group(3), parts.group(1), null, value == null || value.isEmpty() ? null : value));
  }

  private static List<String> members(String[] texts) {
    return Arrays.stream(texts == null ? new String[0] : texts).flatMap(text -> Stream.of(text.split(",")))
        .map(String::strip).filter(text -> !text.isEmpty()).toList();
  }
}

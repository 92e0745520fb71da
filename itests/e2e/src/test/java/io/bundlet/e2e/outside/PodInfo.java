package io.bundlet.e2e.outside;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code pod:info} said about a pod of one container.
 *
 * @param text all of it
 */
public record PodInfo(String text) {
  /** A field of the first part; empty when it is not there. */
  public String field(String name) {
    return text.lines().filter(line -> line.startsWith(name + " ")).findFirst()
        .map(line -> line.substring(name.length()).strip()).orElse("");
  }

  public String phase() {
    return field("Phase");
  }

  public String state() {
    return field("State");
  }

  public boolean exists() {
    return !phase().isEmpty();
  }

  /** A column of the container's row, by its headline. */
  public String container(String column) {
    String value = row("CONTAINER", column).getOrDefault(column, "");
    return value.equals("-") ? "" : value;
  }

  public int restarts() {
    String value = container("RESTARTS");
    return value.isEmpty() ? 0 : Integer.parseInt(value);
  }

  public boolean hasCondition(String type) {
    return text.lines().anyMatch(line -> line.matches(type + " +True .*"));
  }

  /** Whatever words for people there are. */
  public String messages() {
    return String.join(
        " ", List.of(field("Reason"), field("Message"), container("REASON"), container("MESSAGE"), container("LAST")))
        .strip().replaceAll(" +", " ");
  }

  private Map<String, String> row(String first, String column) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i + 1 < lines.size(); i++) {
      List<String> heads = Arrays.asList(lines.get(i).split(" +"));
      if (heads.getFirst().equals(first) && heads.contains(column)) {
        return row(lines.get(i), heads, lines.get(i + 1));
      }
    }
    return Map.of();
  }

  private static Map<String, String> row(String header, List<String> heads, String line) {
    Map<String, String> row = new LinkedHashMap<>();
    int from = 0;
    for (int i = 0; i < heads.size(); i++) {
      int at = header.indexOf(heads.get(i), from);
      int next = i + 1 < heads.size() ? header.indexOf(" " + heads.get(i + 1), at) + 1 : line.length();
      row.put(heads.get(i), at >= line.length() ? "" : line.substring(at, Math.min(next, line.length())).strip());
      from = at + heads.get(i).length();
    }
    return row;
  }
}

package io.bundlet.manifests.model;

import io.bundlet.manifests.yaml.YamlPath;
import io.bundlet.manifests.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;

/** What is wrong in one document. Bounded: more than twenty mistakes help nobody. */
public final class Findings {
  private static final int SHOWN = 20;

  /**
   * One mistake.
   *
   * @param line line of the file, from 1
   * @param message field path, what is wrong and what to do
   */
  public record Finding(int line, String message) {}

  private final YamlValue root;
  private final String prefix;
  private final List<Finding> found = new ArrayList<>();
  private int more;

  /**
   * For one document.
   *
   * @param root where paths start
   * @param prefix what stands before a path in messages, such as {@code items[3].}; may be empty
   */
  public Findings(YamlValue root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  /** Notes that the field at the path is wrong. */
  public void add(String path, String message) {
    addAt(YamlPath.line(root, path), path, message);
  }

  /** Notes that the field at the path, which stands at this line, is wrong. */
  public void addAt(int line, String path, String message) {
    if (found.size() >= SHOWN) {
      more++;
      return;
    }
    String where = path.isEmpty() ? prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) : prefix + path;
    found.add(new Finding(line, where.isEmpty() ? message : where + ": " + message));
  }

  /** Whether nothing is wrong. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** All that was noted, in order. */
  public List<Finding> all() {
    if (more == 0) {
      return List.copyOf(found);
    }
    List<Finding> all = new ArrayList<>(found);
    all.add(new Finding(root.line(), prefix + "... and " + more + " more mistakes in this pod"));
    return all;
  }
}

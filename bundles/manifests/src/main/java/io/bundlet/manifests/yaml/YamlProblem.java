package io.bundlet.manifests.yaml;

/** A document that cannot be read as YAML, or that is larger than allowed. */
public final class YamlProblem extends Exception {
  private final int line;

  YamlProblem(int line, String message) {
    super(message);
    this.line = line;
  }

  /** Line of the file, from 1. */
  public int line() {
    return line;
  }
}

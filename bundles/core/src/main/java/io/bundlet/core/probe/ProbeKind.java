package io.bundlet.core.probe;

/** What a probe is asked for. */
public enum ProbeKind {
  /** Whether the container has started; until it has, the others are not asked. */
  STARTUP("Startup"),
  /** Whether it can serve now. */
  READINESS("Readiness"),
  /** Whether it is to be left alone; if not, it is restarted. */
  LIVENESS("Liveness");

  private final String word;

  ProbeKind(String word) {
    this.word = word;
  }

  /** As in messages: {@code Startup}, {@code Readiness}, {@code Liveness}. */
  public String word() {
    return word;
  }

  /** Whether a container that fails it is ended. */
  boolean kills() {
    return this != READINESS;
  }
}

package io.bundlet.core.probe;

/** What one attempt at a probe has shown. */
public sealed interface ProbeResult {
  /** For people. */
  String message();

  /** The container is as asked for. */
  record Success(String message) implements ProbeResult {}

  /** Counts as success, but somebody should look at it. */
  record Warning(String message) implements ProbeResult {}

  /** The container is not as asked for. */
  record Failure(String message) implements ProbeResult {}

  /** It could not be found out; says nothing about the container and changes nothing. */
  record Unknown(String message) implements ProbeResult {}
}

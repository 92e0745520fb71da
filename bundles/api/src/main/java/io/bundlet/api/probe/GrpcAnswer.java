package io.bundlet.api.probe;

/**
 * What was found out about a server.
 *
 * @param serving whether it said that it serves
 * @param message for people when it does not serve: why, such as
 *     {@code service unhealthy (responded with "NOT_SERVING")}
 */
public record GrpcAnswer(boolean serving, String message) {
  /** It serves. */
  public static final GrpcAnswer SERVING = new GrpcAnswer(true, "");

  /** It does not serve, and why. */
  public static GrpcAnswer notServing(String message) {
    return new GrpcAnswer(false, message);
  }
}

package io.bundlet.apiserver.call;

import java.io.IOException;
import java.time.Duration;

/** The API server has answered, but not with what was asked for. */
public final class ServerFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final Duration retryAfter;

  /**
   * A refusal.
   *
   * @param code of HTTP
   * @param retryAfter what the server asks to wait; zero: nothing
   */
  public ServerFailure(int code, Duration retryAfter, String message) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** The code of HTTP. */
  public int code() {
    return code;
  }

  /** How long the server asks to wait; zero: it does not say. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the thing that was asked for, or its past, is not there: 404 and 410. */
  public boolean absent() {
    return code == 404 || code == 410;
  }

  /** Whether another try may go well though nothing is changed: the server is busy, broken, or does not know us yet. */
  public boolean passing() {
    return code >= 500 || code == 429 || code == 408 || code == 401;
  }
}

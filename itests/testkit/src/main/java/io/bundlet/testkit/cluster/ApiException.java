package io.bundlet.testkit.cluster;

import java.io.IOException;

/** The API server's refusal. */
public final class ApiException extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;

  ApiException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The status of HTTP. */
  public int code() {
    return code;
  }
}

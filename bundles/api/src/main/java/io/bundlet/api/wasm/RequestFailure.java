package io.bundlet.api.wasm;

/** A request that was not answered: the guest said no, is gone, or is too slow. The message is for people. */
public final class RequestFailure extends Exception {
  public RequestFailure(String message) {
    super(message);
  }

  public RequestFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

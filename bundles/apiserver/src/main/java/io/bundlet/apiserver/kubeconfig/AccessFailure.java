package io.bundlet.apiserver.kubeconfig;

/** What a kubeconfig says cannot be used; the message names the file and says what to do. */
public final class AccessFailure extends Exception {
  private static final long serialVersionUID = 1;

  public AccessFailure(String message, Throwable cause) {
    super(message, cause);
  }

  public AccessFailure(String message) {
    this(message, null);
  }
}

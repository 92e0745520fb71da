package io.bundlet.core.environment;

import io.bundlet.api.runtime.ProviderFailure;

/** Failures to put a container's description together. They are tried again: what is missing may come. */
public final class ConfigError {
  /** The reason word, as in Kubernetes' kubelet. */
  public static final String REASON = "CreateContainerConfigError";

  private ConfigError() {}

  /** Something that the field refers to is not there. */
  public static ProviderFailure missing(String field, String message) {
    return of(ProviderFailure.NOT_FOUND, field, message);
  }

  /** The field itself is wrong. */
  public static ProviderFailure wrong(String field, String message) {
    return of(ProviderFailure.INVALID, field, message);
  }

  /** What the field refers to could not be read. */
  static ProviderFailure unread(String field, ProviderFailure cause) {
    return ProviderFailure.of(cause.kind(), field + ": " + cause.getMessage(), cause).withReason(REASON);
  }

  private static ProviderFailure of(String kind, String field, String message) {
    return ProviderFailure.of(kind, field + ": " + message).withReason(REASON);
  }
}

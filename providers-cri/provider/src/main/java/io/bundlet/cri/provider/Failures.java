package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.grpc.Status;

/** Says in the words of the SPI what a call's gRPC status means. */
final class Failures {
  private static final int MAX_MESSAGE = 4096;

  private Failures() {}

  /**
   * The failure that this came from.
   *
   * <p>The outcome is unknown when the answer was lost on the way: the runtime may have done what it was asked.
   */
  static ProviderFailure of(String what, String endpoint, Throwable cause) {
    Status status = Status.fromThrowable(cause);
    String message = what + ": " + words(status);
    return switch (status.getCode()) {
      case NOT_FOUND -> ProviderFailure.of(ProviderFailure.NOT_FOUND, message, cause);
      case ALREADY_EXISTS -> ProviderFailure.of(ProviderFailure.EXISTS, message, cause);
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION ->
          ProviderFailure.of(ProviderFailure.INVALID, message, cause);
      case UNIMPLEMENTED -> ProviderFailure.of(ProviderFailure.UNSUPPORTED, message, cause);
      case PERMISSION_DENIED, UNAUTHENTICATED -> ProviderFailure.of(ProviderFailure.DENIED, message, cause);
      // also an answer that is too long to be read
      case RESOURCE_EXHAUSTED -> ProviderFailure.outcomeUnknown(ProviderFailure.EXHAUSTED, message, cause);
      case DEADLINE_EXCEEDED -> ProviderFailure.outcomeUnknown(ProviderFailure.DEADLINE, message, cause);
      case UNAVAILABLE, CANCELLED, ABORTED -> ProviderFailure.outcomeUnknown(
          ProviderFailure.UNAVAILABLE, message + " (runtime at " + endpoint + ")", cause);
      // a defect of the transport or an answer that cannot be read
      case INTERNAL, DATA_LOSS, OK -> ProviderFailure.outcomeUnknown(ProviderFailure.INTERNAL, message, cause);
      // what containerd gives for nearly everything: it has answered, so the outcome is known
      case UNKNOWN -> ProviderFailure.of(ProviderFailure.INTERNAL, message, cause);
    };
  }

  /**
   * Whether the runtime refused because the name is taken. There is no code for it: containerd and CRI-O say it in
   * words alone.
   */
  static boolean nameTaken(ProviderFailure failure) {
    return failure.kind().equals(ProviderFailure.EXISTS)
        || failure.kind().equals(ProviderFailure.INTERNAL) && failure.getMessage().contains("is reserved");
  }

  static boolean is(ProviderFailure failure, String kind) {
    return failure.kind().equals(kind);
  }

  /** Whether this is how the runtime's own words begin. */
  static boolean beginsWith(ProviderFailure failure, String word) {
    String words = failure.getCause() == null ? null : Status.fromThrowable(failure.getCause()).getDescription();
    return words != null && words.startsWith(word);
  }

  /** At most 4096 characters of a text that a runtime gave. */
  static String bounded(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
  }

  private static String words(Status status) {
    StringBuilder words = new StringBuilder(status.getDescription() == null ? "" : status.getDescription());
    if (status.getCause() != null && status.getCause().getMessage() != null) {
      words.append(words.isEmpty() ? "" : ": ").append(status.getCause().getMessage());
    }
    return words.isEmpty() ? status.getCode().toString() : bounded(words.toString());
  }
}

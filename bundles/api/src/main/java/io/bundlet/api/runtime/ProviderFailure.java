package io.bundlet.api.runtime;

import java.util.Objects;

/**
 * A call that did not do what was asked. What follows depends on {@link #kind} and {@link #outcomeKnown} alone; nobody
 * parses the message, which is for people: it names the thing and says what to do.
 */
public final class ProviderFailure extends Exception {
  /** The thing named by an id is not there. */
  public static final String NOT_FOUND = "NotFound";
  /** The name is taken by something that cannot be used: raise the attempt. */
  public static final String EXISTS = "Exists";
  /** The request can never succeed as it is: the manifest, module or image is wrong. */
  public static final String INVALID = "Invalid";
  /** This provider cannot do that. */
  public static final String UNSUPPORTED = "Unsupported";
  /** The runtime, engine or registry cannot be reached, or the call was interrupted: try again later. */
  public static final String UNAVAILABLE = "Unavailable";
  /** The call took longer than allowed. */
  public static final String DEADLINE = "Deadline";
  /** Memory, disk, threads or a quota is used up. */
  public static final String EXHAUSTED = "Exhausted";
  /** Not allowed: credentials, policy, file permissions. */
  public static final String DENIED = "Denied";
  /** Anything else: a defect of the provider or of what is below it. */
  public static final String INTERNAL = "Internal";

  private final String kind;
  private final String reason;
  private final boolean outcomeKnown;

  private ProviderFailure(String kind, String reason, String message, Throwable cause, boolean outcomeKnown) {
    super(Objects.requireNonNull(message), cause);
    this.kind = Objects.requireNonNull(kind);
    this.reason = Objects.requireNonNull(reason);
    this.outcomeKnown = outcomeKnown;
  }

  /** A failure after which nothing of the request remains. */
  public static ProviderFailure of(String kind, String message) {
    return new ProviderFailure(kind, "", message, null, true);
  }

  /** A failure after which nothing of the request remains, and what it came from. */
  public static ProviderFailure of(String kind, String message, Throwable cause) {
    return new ProviderFailure(kind, "", message, cause, true);
  }

  /** A failure that leaves open whether the request was carried out: ask by key, or list. */
  public static ProviderFailure outcomeUnknown(String kind, String message, Throwable cause) {
    return new ProviderFailure(kind, "", message, cause, false);
  }

  /** The same failure with a reason word for the pod's status, such as {@code ErrImageNeverPull}. */
  public ProviderFailure withReason(String word) {
    ProviderFailure same = new ProviderFailure(kind, word, getMessage(), getCause(), outcomeKnown);
    same.setStackTrace(getStackTrace());
    return same;
  }

  /** One of the constants of this class; a kind that the reader does not know counts as {@link #INTERNAL}. */
  public String kind() {
    return kind;
  }

  /** A word of the field's vocabulary for the pod's status; empty: the caller chooses. */
  public String reason() {
    return reason;
  }

  /** False when the request may have been carried out all the same. */
  public boolean outcomeKnown() {
    return outcomeKnown;
  }
}

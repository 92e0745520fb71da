package io.bundlet.core.hook;

/**
 * How a hook ended.
 *
 * @param kind in one word
 * @param message for people; empty when it did what it was to do
 */
public record HookOutcome(Kind kind, String message) {
  /** The ways to end. */
  public enum Kind {
    /** It did what it was to do. */
    DONE,
    /** It could not; worth an event. */
    FAILED,
    /** Its time was over. Nothing is wrong with it that the grace period does not allow. */
    CUT,
    /** Somebody ended it. */
    CANCELLED
  }

  static final HookOutcome DONE = new HookOutcome(Kind.DONE, "");

  static HookOutcome failed(String message) {
    return new HookOutcome(Kind.FAILED, message);
  }

  /** Whether it could not do what it was to do. */
  public boolean failed() {
    return kind == Kind.FAILED;
  }
}

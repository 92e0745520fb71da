package io.bundlet.core.probe;

/** Words for what went wrong. */
final class Texts {
  private Texts() {}

  /** What an exception says, or what it is when it says nothing. */
  static String of(Throwable failed) {
    return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
  }
}

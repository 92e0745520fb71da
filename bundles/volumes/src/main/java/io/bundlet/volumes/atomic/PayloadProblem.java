package io.bundlet.volumes.atomic;

/** A file that cannot be a part of a volume; the message is for people. */
public final class PayloadProblem extends Exception {
  private static final long serialVersionUID = 1;

  PayloadProblem(String message) {
    super(message);
  }
}

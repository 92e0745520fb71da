package io.bundlet.kubeletapi.route;

/** A request that is not carried out: the status of the answer, and a sentence for people. */
public final class Refusal extends Exception {
  private static final int MAX_WORDS = 2000;
  private final int status;

  /** An answer with this status. */
  public Refusal(int status, String words) {
    super(words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS) + "...", null, false, false);
    this.status = status;
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }
}

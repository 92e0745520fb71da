package io.bundlet.sections;

/** Bytes that are no core module, or one beyond the limits. The message names the section and the byte. */
public final class MalformedModule extends Exception {
  private final long offset;

  public MalformedModule(String message, long offset) {
    super(message);
    this.offset = offset;
  }

  /** Where in the module, in bytes from its begin; -1 when it is about the module as a whole. */
  public long offset() {
    return offset;
  }
}

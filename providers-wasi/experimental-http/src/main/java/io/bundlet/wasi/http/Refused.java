package io.bundlet.wasi.http;

/** A call ends with a code. It has no stack trace: guests can cause as many as they like. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final Code code;

  Refused(Code code, String why) {
    super(why, null, false, false);
    this.code = code;
  }

  Code code() {
    return code;
  }
}

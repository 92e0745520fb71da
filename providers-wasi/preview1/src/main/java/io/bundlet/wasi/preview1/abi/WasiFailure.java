package io.bundlet.wasi.preview1.abi;

/** A call ends with an error number, which is all that the guest learns. Has no stack trace: guests make many. */
public final class WasiFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final Errno errno;

  WasiFailure(Errno errno) {
    super(errno.name(), null, false, false);
    this.errno = errno;
  }

  /** Why. */
  public Errno errno() {
    return errno;
  }
}

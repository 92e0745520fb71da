package io.bundlet.wasi.preview1.abi;

/** The specification's flags. Bits that it does not know are refused. */
public final class Flags {
  /** Of a descriptor. */
  public static final int FD_APPEND = 1;
  public static final int FD_DSYNC = 1 << 1;
  public static final int FD_NONBLOCK = 1 << 2;
  public static final int FD_RSYNC = 1 << 3;
  public static final int FD_SYNC = 1 << 4;
  private static final int FD_ALL = (1 << 5) - 1;

  /** Of opening. */
  public static final int OPEN_CREATE = 1;
  public static final int OPEN_DIRECTORY = 1 << 1;
  public static final int OPEN_EXCLUSIVE = 1 << 2;
  public static final int OPEN_TRUNCATE = 1 << 3;
  private static final int OPEN_ALL = (1 << 4) - 1;

  /** Of setting times. */
  public static final int ACCESSED = 1;
  public static final int ACCESSED_NOW = 1 << 1;
  public static final int MODIFIED = 1 << 2;
  public static final int MODIFIED_NOW = 1 << 3;
  private static final int TIMES_ALL = (1 << 4) - 1;

  /** Of looking a path up: its last part is followed when it is a link. */
  private static final int FOLLOW = 1;

  private Flags() {}

  private static int only(int known, long given) throws WasiFailure {
    if ((given & 0xffff_ffffL & ~known) != 0) {
      throw Errno.INVAL.failure();
    }
    return (int) given;
  }

  /** Flags of a descriptor. */
  public static int ofDescriptor(long given) throws WasiFailure {
    return only(FD_ALL, given);
  }

  /** Flags of opening. */
  public static int ofOpening(long given) throws WasiFailure {
    return only(OPEN_ALL, given);
  }

  /** Flags of setting times, of which no time may be set in both ways. */
  public static int ofTimes(long given) throws WasiFailure {
    int flags = only(TIMES_ALL, given);
    if ((flags & 3) == 3 || (flags & 12) == 12) {
      throw Errno.INVAL.failure();
    }
    return flags;
  }

  /** Whether a link at a path's end is followed. */
  public static boolean follow(long given) throws WasiFailure {
    return only(FOLLOW, given) != 0;
  }
}

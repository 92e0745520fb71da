package io.bundlet.wasi.preview1.abi;

/** The error numbers of WASI preview 1, in the order of their numbers. */
public enum Errno {
  SUCCESS, TOOBIG, ACCES, ADDRINUSE, ADDRNOTAVAIL, AFNOSUPPORT, AGAIN, ALREADY, BADF, BADMSG, BUSY, CANCELED, CHILD,
  CONNABORTED, CONNREFUSED, CONNRESET, DEADLK, DESTADDRREQ, DOM, DQUOT, EXIST, FAULT, FBIG, HOSTUNREACH, IDRM, ILSEQ,
  INPROGRESS, INTR, INVAL, IO, ISCONN, ISDIR, LOOP, MFILE, MLINK, MSGSIZE, MULTIHOP, NAMETOOLONG, NETDOWN, NETRESET,
  NETUNREACH, NFILE, NOBUFS, NODEV, NOENT, NOEXEC, NOLCK, NOLINK, NOMEM, NOMSG, NOPROTOOPT, NOSPC, NOSYS, NOTCONN,
  NOTDIR, NOTEMPTY, NOTRECOVERABLE, NOTSOCK, NOTSUP, NOTTY, NXIO, OVERFLOW, OWNERDEAD, PERM, PIPE, PROTO,
  PROTONOSUPPORT, PROTOTYPE, RANGE, ROFS, SPIPE, SRCH, STALE, TIMEDOUT, TXTBSY, XDEV, NOTCAPABLE;

  /** By the errno of Linux, of which these are all that calls on files, pipes and connections give. */
  private static final Errno[] OF_LINUX = new Errno[134];

  static {
    Errno[] begin = {
      SUCCESS, PERM, NOENT, SRCH, INTR, IO, NXIO, TOOBIG, NOEXEC, BADF, CHILD, AGAIN, NOMEM, ACCES, FAULT, NOTSUP, BUSY,
      EXIST, XDEV, NODEV, NOTDIR, ISDIR, INVAL, NFILE, MFILE, NOTTY, TXTBSY, FBIG, NOSPC, SPIPE, ROFS, MLINK, PIPE, DOM,
      RANGE, DEADLK, NAMETOOLONG, NOLCK, NOSYS, NOTEMPTY, LOOP
    };
    System.arraycopy(begin, 0, OF_LINUX, 0, begin.length);
    OF_LINUX[61] = NOMSG; // ENODATA
    OF_LINUX[75] = OVERFLOW;
    OF_LINUX[84] = ILSEQ;
    OF_LINUX[88] = NOTSOCK;
    OF_LINUX[95] = NOTSUP;
    OF_LINUX[103] = CONNABORTED;
    OF_LINUX[104] = CONNRESET;
    OF_LINUX[105] = NOBUFS;
    OF_LINUX[107] = NOTCONN;
    OF_LINUX[110] = TIMEDOUT;
    OF_LINUX[111] = CONNREFUSED;
    OF_LINUX[113] = HOSTUNREACH;
    OF_LINUX[116] = STALE;
    OF_LINUX[122] = DQUOT;
  }

  private final WasiFailure failure = new WasiFailure(this);

  /** To be thrown. */
  public WasiFailure failure() {
    return failure;
  }

  /** What the guest is told of an errno of Linux; {@link #IO} of one that it could not understand. */
  public static Errno ofLinux(long errno) {
    Errno known = errno >= 0 && errno < OF_LINUX.length ? OF_LINUX[(int) errno] : null;
    return known == null ? IO : known;
  }

  /** The result of a system call, or the failure that it stands for when it is negative. */
  public static long checked(long result) throws WasiFailure {
    if (result < 0) {
      throw ofLinux(-result).failure();
    }
    return result;
  }
}

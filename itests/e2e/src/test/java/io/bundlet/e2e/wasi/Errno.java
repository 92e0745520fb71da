package io.bundlet.e2e.wasi;

import java.util.List;

/** The names of WASI's errors, by their numbers as preview 1 has them. */
final class Errno {
  private static final List<String> NAMES = List.of((
      "success 2big acces addrinuse addrnotavail afnosupport again already badf badmsg busy canceled child connaborted "
      + "connrefused connreset deadlk destaddrreq dom dquot exist fault fbig hostunreach idrm ilseq inprogress intr "
      + "inval io isconn isdir loop mfile mlink msgsize multihop nametoolong netdown netreset netunreach nfile nobufs "
      + "nodev noent noexec nolck nolink nomem nomsg noprotoopt nospc nosys notconn notdir notempty notrecoverable "
      + "notsock notsup notty nxio overflow ownerdead perm pipe proto protonosupport prototype range rofs spipe srch "
      + "stale timedout txtbsy xdev notcapable").split(" "));

  private Errno() {}

  /** Its name; its number when it has none. */
  static String name(int number) {
    return number >= 0 && number < NAMES.size() ? NAMES.get(number) : Integer.toString(number);
  }
}

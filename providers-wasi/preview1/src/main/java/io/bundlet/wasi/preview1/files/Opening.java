package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;

/**
 * Opens a name: a regular file or a directory, nothing else. What is there is looked at before, so that a device does
 * not even notice, and after, because it may have been exchanged; it is opened so that a FIFO or a device would not
 * wait.
 */
final class Opening {
  private final SystemCalls calls;
  private final Jail jail;
  private final OpenDirectory root;
  private final int how;
  private final int flags;
  private final long base;
  private final long inheriting;

  /**
   * @param how flags of opening
   * @param base the rights that are wanted
   * @param inheriting those for what is opened below
   * @param flags of the descriptor
   */
  Opening(SystemCalls calls, Jail jail, OpenDirectory root, int how, long base, long inheriting, int flags)
      throws WasiFailure {
    this.calls = calls;
    this.jail = jail;
    this.root = root;
    this.how = how;
    this.flags = flags;
    if (has(Flags.OPEN_CREATE) && has(Flags.OPEN_DIRECTORY)) {
      throw Errno.INVAL.failure();
    }
    if (has(Flags.OPEN_CREATE) || has(Flags.OPEN_TRUNCATE) || (base & Rights.CHANGES_FILE) != 0) {
      root.writable();
    }
    this.base = Descriptor.granted(base, Rights.ALL, root.inheriting());
    // who wants all that could be inherited gets what there is
    this.inheriting = Descriptor.granted(
        root.readOnly() ? inheriting & ~Rights.CHANGES_FILE : inheriting, Rights.ALL, root.inheriting());
  }

  private boolean has(int flag) {
    return (how & flag) != 0;
  }

  private boolean writes() {
    return (base & Rights.CHANGES_FILE) != 0;
  }

  private boolean reads() {
    return (base & (Rights.FD_READ | Rights.FD_READDIR)) != 0;
  }

  /** Opens it. @return a descriptor of Linux, or its negative errno */
  long at(Place place) throws WasiFailure {
    FileDetails there = jail.look(place);
    boolean directory = has(Flags.OPEN_DIRECTORY) || place.slash();
    if (there == null) {
      if (!has(Flags.OPEN_CREATE)) {
        return -LinuxFailure.ENOENT;
      }
      if (directory) {
        return -LinuxFailure.EISDIR;
      }
    } else if (has(Flags.OPEN_CREATE) && has(Flags.OPEN_EXCLUSIVE)) {
      return -LinuxFailure.EEXIST;
    } else {
      int refusal = refusal(there, directory);
      if (refusal != 0) {
        return refusal;
      }
    }
    int fd = calls.open(place.directory(), place.name(), linuxFlags(directory), 0666);
    if (fd < 0) {
      return fd;
    }
    int seen = calls.status(fd);
    int refusal = seen < 0 ? seen : refusal(calls.details(), directory);
    if (refusal != 0) {
      calls.close(fd);
      return refusal;
    }
    return fd;
  }

  private static int refusal(FileDetails there, boolean directory) {
    return switch (there.kind()) {
      case FileDetails.LINK -> -LinuxFailure.ELOOP;
      case FileDetails.DIRECTORY -> 0;
      case FileDetails.REGULAR -> directory ? -LinuxFailure.ENOTDIR : 0;
      default -> -LinuxFailure.EACCES;
    };
  }

  private int linuxFlags(boolean directory) {
    int access = writes() ? reads() ? SystemCalls.READ_WRITE : SystemCalls.WRITE_ONLY : 0;
    return access
        | SystemCalls.NONBLOCK
        | SystemCalls.NO_FOLLOW
        | (directory ? SystemCalls.DIRECTORY : 0)
        | (has(Flags.OPEN_CREATE) ? SystemCalls.CREATE : 0)
        | (has(Flags.OPEN_EXCLUSIVE) ? SystemCalls.EXCLUSIVE : 0)
        | (has(Flags.OPEN_TRUNCATE) ? SystemCalls.TRUNCATE : 0)
        | ((flags & Flags.FD_APPEND) != 0 ? SystemCalls.APPEND : 0);
  }

  /** Makes a guest's descriptor of one of Linux, which becomes that one's. */
  Descriptor descriptor(int fd) throws WasiFailure {
    int seen = calls.status(fd);
    if (seen < 0) {
      calls.close(fd);
      throw Errno.ofLinux(-seen).failure();
    }
    return calls.details().kind() == FileDetails.DIRECTORY
        ? OpenDirectory.below(calls, fd, root.readOnly(), base & Rights.DIRECTORY, inheriting, flags)
        : new OpenFile(calls, fd, root.readOnly(), base & Rights.FILE, inheriting, flags);
  }
}

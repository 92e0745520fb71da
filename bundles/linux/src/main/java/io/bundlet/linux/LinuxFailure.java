package io.bundlet.linux;

import java.io.IOException;
import java.util.Map;

/** A system call that failed. */
public final class LinuxFailure extends IOException {
  private static final long serialVersionUID = 1;

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int EROFS = 30;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ELOOP = 40;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ECONNABORTED = 103;

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(EPERM, "operation not permitted"),
          Map.entry(ENOENT, "no such file or directory"),
          Map.entry(EACCES, "permission denied"),
          Map.entry(EBUSY, "device or resource busy"),
          Map.entry(EEXIST, "file exists"),
          Map.entry(12, "out of memory"),
          Map.entry(EXDEV, "it leads out of the directory"),
          Map.entry(ENOTDIR, "not a directory"),
          Map.entry(EINVAL, "invalid argument"),
          Map.entry(24, "too many open files"),
          Map.entry(28, "no space left on device"),
          Map.entry(EROFS, "read-only file system"),
          Map.entry(ENAMETOOLONG, "file name too long"),
          Map.entry(ENOSYS, "the kernel has no such call"),
          Map.entry(ELOOP, "too many levels of symbolic links"),
          Map.entry(EADDRINUSE, "address already in use"),
          Map.entry(EADDRNOTAVAIL, "the machine does not have this address"));

  private final int errno;

  LinuxFailure(String what, int errno) {
    super(what + ": " + WORDS.getOrDefault(errno, "errno " + errno));
    this.errno = errno;
  }

  /** The number by which Linux says why. */
  public int errno() {
    return errno;
  }
}
